namespace Jackpot.LocalDapr.Components;

/// <summary>One metadata entry as written: a value, a reference to a secret, or a reference to an environment variable.</summary>
sealed record ComponentField(string Name, string? Value, SecretReference? Secret, string? EnvironmentName, long Line);

/// <summary>Names a secret and, for stores whose secrets hold several values, one of its keys.</summary>
sealed record SecretReference(string Name, string Key);

/// <summary>A component file as written, before templates and secrets are put in.</summary>
sealed record ComponentSpec(
    string Name,
    string? Namespace,
    ComponentType Type,
    string Version,
    bool IgnoreErrors,
    IReadOnlyList<ComponentField> Fields,
    IReadOnlyList<string> Scopes,
    string? SecretStore,
    string File,
    long Line)
{
    public static ComponentSpec Parse(YamlMap root)
    {
        root.OnlyKnows("apiVersion", "kind", "metadata", "spec", "scopes", "auth");
        if (root.Required("apiVersion") is not "dapr.io/v1alpha1" and var version)
        {
            throw root.Fault("apiVersion", $"apiVersion is '{version}'; a component has dapr.io/v1alpha1");
        }
        var metadata = root.RequiredMap("metadata");
        metadata.OnlyKnows("name", "namespace", "labels", "annotations");
        var spec = root.RequiredMap("spec");
        spec.OnlyKnows("type", "version", "ignoreErrors", "initTimeout", "metadata");
        var type = ComponentType.Find(spec);
        var auth = root.Map("auth");
        auth?.OnlyKnows("secretStore");
        return new ComponentSpec(
            metadata.Required("name"), metadata.Text("namespace"), type, spec.Text("version") ?? "v1", spec.Flag("ignoreErrors", false),
            [.. spec.Maps("metadata").Select(field => ParseField(field, type))],
            root.Texts("scopes"), auth?.Text("secretStore"), root.File, root.Line);
    }

    /// <summary>Whether a sidecar may see this component: its namespace matches and it is in scope.</summary>
    public bool IsFor(string appId, string appNamespace) =>
        (Namespace is null || Namespace == appNamespace) && (Scopes.Count == 0 || Scopes.Contains(appId));

    static ComponentField ParseField(YamlMap field, ComponentType type)
    {
        field.OnlyKnows("name", "value", "secretKeyRef", "envRef");
        var name = field.Required("name");
        type.CheckFieldName(name, field);
        var value = field.Text("value");
        var secret = field.Map("secretKeyRef");
        var environment = field.Text("envRef");
        if ((value is null ? 0 : 1) + (secret is null ? 0 : 1) + (environment is null ? 0 : 1) != 1)
        {
            throw field.Fault($"'{name}' needs exactly one of value, secretKeyRef and envRef");
        }
        secret?.OnlyKnows("name", "key");
        var reference = secret is null ? null : new SecretReference(secret.Required("name"), secret.Text("key") ?? secret.Required("name"));
        return new ComponentField(name, value, reference, environment, field.Line);
    }
}
