using Jackpot.LocalDapr.Components;
using Jackpot.LocalDapr.Timing;
using Jackpot.LocalDapr.Workflows;

namespace Jackpot.LocalDapr.Configurations;

/// <summary>
/// The Configuration document of a sidecar. What a stand-in on one machine can hold is applied: secret scopes, the API allow and
/// deny lists, the limits and retention of workflows. The rest (tracing, mTLS, pipelines …) is read and has no effect here.
/// </summary>
sealed class RuntimeConfiguration
{
    public static readonly RuntimeConfiguration None = new();

    readonly Dictionary<string, SecretScope> _secrets = [];
    readonly List<(string Name, string Version)> _allowed = [];
    readonly List<(string Name, string Version)> _denied = [];

    public WorkflowLimits Workflows { get; private set; } = WorkflowLimits.None;

    public static RuntimeConfiguration Read(string? path)
    {
        if (path is null)
        {
            return None;
        }
        var configuration = new RuntimeConfiguration();
        foreach (var document in ResourceFolder.ReadFile(path))
        {
            if (document.Kind != "Configuration")
            {
                throw document.Root.Fault("kind", $"configPath must name a file of kind Configuration, this is {document.Kind}");
            }
            configuration.Add(document.Root);
        }
        return configuration;
    }

    public bool MayReadSecret(string store, string name) => !_secrets.TryGetValue(store, out var scope) || scope.Allows(name);

    /// <summary>Whether the HTTP API group, for example state in v1.0, is open: denied ones never, and with an allow list only those on it.</summary>
    public bool IsApiOpen(string version, string name)
    {
        if (_allowed.Count + _denied.Count == 0)
        {
            return true;
        }
        var isNamed = (List<(string Name, string Version)> list) => list.Exists(entry => entry.Name == name && version.StartsWith(entry.Version, StringComparison.Ordinal));
        return !isNamed(_denied) && (_allowed.Count == 0 || isNamed(_allowed));
    }

    void Add(YamlMap root)
    {
        root.OnlyKnows("apiVersion", "kind", "metadata", "spec");
        var spec = root.RequiredMap("spec");
        spec.OnlyKnows(
            "tracing", "tracingSpec", "metric", "metrics", "mtls", "accessControl", "nameResolution", "secrets", "features", "api", "logging",
            "httpPipeline", "appHttpPipeline", "workflow", "components", "wasm");
        foreach (var scope in spec.Map("secrets")?.Maps("scopes") ?? [])
        {
            scope.OnlyKnows("storeName", "defaultAccess", "allowedSecrets", "deniedSecrets");
            _secrets[scope.Required("storeName")] = new SecretScope(
                scope.Text("defaultAccess") is "deny", [.. scope.Texts("allowedSecrets")], [.. scope.Texts("deniedSecrets")]);
        }
        if (spec.Map("api") is { } api)
        {
            api.OnlyKnows("allowed", "denied");
            _allowed.AddRange(ApiEntries(api, "allowed"));
            _denied.AddRange(ApiEntries(api, "denied"));
        }
        if (spec.Map("workflow") is { } workflow)
        {
            Workflows = LimitsOf(workflow);
        }
    }

    static IEnumerable<(string, string)> ApiEntries(YamlMap api, string name)
    {
        foreach (var entry in api.Maps(name))
        {
            entry.OnlyKnows("name", "version", "protocol");
            if (entry.Text("protocol") is null or "http")
            {
                yield return (entry.Required("name"), entry.Text("version") ?? "v1");
            }
        }
    }

    static WorkflowLimits LimitsOf(YamlMap workflow)
    {
        workflow.OnlyKnows(
            "maxConcurrentWorkflowInvocations", "maxConcurrentActivityInvocations", "globalMaxConcurrentWorkflowInvocations",
            "globalMaxConcurrentActivityInvocations", "workflowConcurrencyLimits", "activityConcurrencyLimits", "stateRetentionPolicy");
        var retention = workflow.Map("stateRetentionPolicy");
        retention?.OnlyKnows("anyTerminal", "completed", "failed", "terminated");
        return new WorkflowLimits(
            workflow.Whole("maxConcurrentWorkflowInvocations"), workflow.Whole("maxConcurrentActivityInvocations"),
            Duration(retention, "anyTerminal"), Duration(retention, "completed"), Duration(retention, "failed"), Duration(retention, "terminated"));
    }

    static TimeSpan? Duration(YamlMap? map, string name) => map?.Text(name) switch
    {
        null or "" => null,
        var text when GoDuration.TryParse(text, out var duration) => duration,
        var text => throw map.Fault(name, $"'{name}' is '{text}'; it must be a duration such as 24h"),
    };

    sealed record SecretScope(bool DeniesByDefault, HashSet<string> Allowed, HashSet<string> Denied)
    {
        /// <summary>An allow list closes everything else; then the deny list; then the default.</summary>
        public bool Allows(string name) => Allowed.Count > 0 ? Allowed.Contains(name) : !Denied.Contains(name) && !DeniesByDefault;
    }
}
