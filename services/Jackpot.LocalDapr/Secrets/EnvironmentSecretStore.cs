using System.Collections;
using Jackpot.LocalDapr.Components;

namespace Jackpot.LocalDapr.Secrets;

/// <summary><c>secretstores.local.env</c>: environment variables of this process, with an optional prefix. Tokens of Dapr itself are never handed out.</summary>
sealed class EnvironmentSecretStore(Component component) : ISecretStore
{
    static readonly string[] Withheld = ["APP_API_TOKEN", "DAPR_API_TOKEN"];

    readonly string _prefix = component.Text("prefix") ?? "";

    public IReadOnlyDictionary<string, string>? Get(string name) =>
        !Withheld.Contains(name) && Environment.GetEnvironmentVariable(_prefix + name) is { } value
            ? new Dictionary<string, string> { [name] = value }
            : null;

    public IReadOnlyDictionary<string, IReadOnlyDictionary<string, string>> GetAll() =>
        Environment.GetEnvironmentVariables().Cast<DictionaryEntry>()
            .Select(entry => (Name: (string)entry.Key, Value: (string?)entry.Value ?? ""))
            .Where(entry => entry.Name.StartsWith(_prefix, StringComparison.Ordinal) && !Withheld.Contains(entry.Name))
            .ToDictionary(
                entry => entry.Name[_prefix.Length..],
                entry => (IReadOnlyDictionary<string, string>)new Dictionary<string, string> { [entry.Name[_prefix.Length..]] = entry.Value });
}
