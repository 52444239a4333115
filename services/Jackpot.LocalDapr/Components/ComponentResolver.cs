using Jackpot.LocalDapr.Secrets;
using Jackpot.LocalDapr.Sidecars;

namespace Jackpot.LocalDapr.Components;

/// <summary>Puts templates, environment variables and secrets into a component's metadata.</summary>
sealed class ComponentResolver(SidecarOptions sidecar)
{
    readonly Dictionary<string, FileSecretStore> _secretStores = [];

    public void Add(string name, FileSecretStore store) => _secretStores[name] = store;

    public Component Resolve(ComponentSpec spec)
    {
        var values = new Dictionary<string, (string Value, long Line)>(StringComparer.OrdinalIgnoreCase);
        foreach (var field in spec.Fields)
        {
            values[field.Name] = (ValueOf(spec, field), field.Line);
        }
        return new Component(spec, values);
    }

    string ValueOf(ComponentSpec spec, ComponentField field)
    {
        if (field.Secret is { } secret)
        {
            return SecretOf(spec, field, secret);
        }
        if (field.EnvironmentName is { } variable)
        {
            return Environment.GetEnvironmentVariable(variable)
                ?? throw new ResourceFault(spec.File, field.Line, $"'{field.Name}' refers to the environment variable {variable}, which is not set");
        }
        return Fill(field.Value ?? "");
    }

    string Fill(string value) => value.Contains('{', StringComparison.Ordinal)
        ? value
            .Replace("{uuid}", Guid.NewGuid().ToString(), StringComparison.Ordinal)
            .Replace("{podName}", Environment.GetEnvironmentVariable("POD_NAME") ?? "", StringComparison.Ordinal)
            .Replace("{namespace}", $"{sidecar.Namespace}.{sidecar.AppId}", StringComparison.Ordinal)
            .Replace("{appID}", sidecar.AppId, StringComparison.Ordinal)
        : value;

    string SecretOf(ComponentSpec spec, ComponentField field, SecretReference secret)
    {
        if (spec.SecretStore is not { Length: > 0 } storeName)
        {
            throw new ResourceFault(spec.File, field.Line, $"'{field.Name}' has a secretKeyRef, but the component names no auth.secretStore");
        }
        if (!_secretStores.TryGetValue(storeName, out var store))
        {
            throw new ResourceFault(spec.File, field.Line, $"the secret store '{storeName}' is not among the components of {sidecar.AppId}");
        }
        return store.Get(secret.Name)?.GetValueOrDefault(secret.Key)
            ?? throw new ResourceFault(spec.File, field.Line, $"the secret '{secret.Name}' with key '{secret.Key}' is not in the store '{storeName}'");
    }
}
