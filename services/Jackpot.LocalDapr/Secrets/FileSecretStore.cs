using System.Text.Json;
using Jackpot.LocalDapr.Components;

namespace Jackpot.LocalDapr.Secrets;

/// <summary><c>secretstores.local.file</c>: a JSON file; nested objects become <c>a:b</c> names, or with <c>multiValued</c> one secret with several keys.</summary>
sealed class FileSecretStore
{
    readonly Dictionary<string, IReadOnlyDictionary<string, string>> _secrets = [];

    public FileSecretStore(Component component)
    {
        var path = component.Required("secretsFile");
        var separator = component.Text("nestedSeparator") is { Length: > 0 } written ? written : ":";
        var multiValued = component.Flag("multiValued", false);
        try
        {
            using var document = JsonDocument.Parse(File.ReadAllBytes(path));
            foreach (var secret in document.RootElement.EnumerateObject())
            {
                Add(secret, separator, multiValued);
            }
        }
        catch (Exception unreadable) when (unreadable is IOException or JsonException or InvalidOperationException)
        {
            throw component.Fault("secretsFile", $"the secrets file {path} cannot be read: {unreadable.Message}");
        }
    }

    public IReadOnlyDictionary<string, string>? Get(string name) => _secrets.GetValueOrDefault(name);

    public IReadOnlyDictionary<string, IReadOnlyDictionary<string, string>> GetAll() => _secrets;

    void Add(JsonProperty secret, string separator, bool multiValued)
    {
        var values = new Dictionary<string, string>();
        if (multiValued && secret.Value.ValueKind == JsonValueKind.Object)
        {
            foreach (var inner in secret.Value.EnumerateObject())
            {
                Flatten(inner.Name, inner.Value, separator, values);
            }
            _secrets[secret.Name] = values;
            return;
        }
        Flatten(secret.Name, secret.Value, separator, values);
        foreach (var (name, value) in values)
        {
            _secrets[name] = new Dictionary<string, string> { [name] = value };
        }
    }

    static void Flatten(string name, JsonElement value, string separator, Dictionary<string, string> into)
    {
        switch (value.ValueKind)
        {
            case JsonValueKind.Object:
                foreach (var inner in value.EnumerateObject())
                {
                    Flatten(name + separator + inner.Name, inner.Value, separator, into);
                }
                break;
            case JsonValueKind.Array:
                foreach (var (index, item) in value.EnumerateArray().Index())
                {
                    Flatten($"{name}{separator}{index}", item, separator, into);
                }
                break;
            default:
                into[name] = value.ToString();
                break;
        }
    }
}
