using Jackpot.LocalDapr.Components;
using Jackpot.LocalDapr.Timing;

namespace Jackpot.LocalDapr.Resiliency;

/// <summary>The Resiliency documents of one sidecar, read and checked.</summary>
sealed class ResiliencyFiles
{
    readonly Dictionary<string, string?> _inbound = [];
    readonly Dictionary<string, string?> _outbound = [];

    /// <summary>By their names in the files.</summary>
    public Dictionary<string, Policy> Policies { get; } = [];

    public static ResiliencyFiles Read(IEnumerable<ResourceDocument> documents, string appId, string appNamespace)
    {
        var files = new ResiliencyFiles();
        foreach (var document in documents.Where(document => document.Kind == "Resiliency"))
        {
            files.Add(document.Root, appId, appNamespace);
        }
        return files;
    }

    /// <summary>The name of the policy that a component names; null when it names none.</summary>
    public string? Inbound(string component) => _inbound.GetValueOrDefault(component);

    /// <inheritdoc cref="Inbound" />
    public string? Outbound(string component) => _outbound.GetValueOrDefault(component);

    void Add(YamlMap root, string appId, string appNamespace)
    {
        root.OnlyKnows("apiVersion", "kind", "metadata", "spec", "scopes");
        var metadata = root.RequiredMap("metadata");
        var scopes = root.Texts("scopes");
        if ((scopes.Count > 0 && !scopes.Contains(appId)) || (metadata.Text("namespace") is { } other && other != appNamespace))
        {
            return;
        }
        var spec = root.RequiredMap("spec");
        spec.OnlyKnows("policies", "targets");
        if (spec.Map("policies") is { } policies)
        {
            AddPolicies(policies);
        }
        if (spec.Map("targets") is { } targets)
        {
            AddTargets(targets);
        }
    }

    void AddPolicies(YamlMap policies)
    {
        policies.OnlyKnows("retries");
        foreach (var (map, name) in Each(policies, "retries"))
        {
            Policies[name] = new Policy(RetryOf(map.RequiredMap(name)));
        }
    }

    static RetryPolicy RetryOf(YamlMap map)
    {
        map.OnlyKnows("policy", "duration", "maxInterval", "maxRetries");
        var policy = map.Text("policy") ?? "constant";
        if (policy is not ("constant" or "exponential"))
        {
            throw map.Fault("policy", $"policy is '{policy}'; it must be constant or exponential");
        }
        return new RetryPolicy(
            DurationOf(map, "duration") ?? TimeSpan.FromSeconds(policy == "constant" ? 5 : 0.5), map.Whole("maxRetries") ?? -1,
            policy == "exponential", DurationOf(map, "maxInterval") ?? TimeSpan.FromMinutes(1));
    }

    void AddTargets(YamlMap targets)
    {
        targets.OnlyKnows("components");
        foreach (var (map, name) in Each(targets, "components"))
        {
            var target = map.RequiredMap(name);
            target.OnlyKnows("inbound", "outbound");
            if (target.Map("inbound") is { } inbound)
            {
                _inbound[name] = RetryNamedIn(inbound);
            }
            if (target.Map("outbound") is { } outbound)
            {
                _outbound[name] = RetryNamedIn(outbound);
            }
        }
    }

    string? RetryNamedIn(YamlMap map)
    {
        map.OnlyKnows("retry");
        return map.Text("retry") switch
        {
            null or "" => null,
            var name when Policies.ContainsKey(name) => name,
            var name => throw map.Fault("retry", $"no retry policy is called '{name}'"),
        };
    }

    static IEnumerable<(YamlMap Map, string Name)> Each(YamlMap parent, string name) =>
        parent.Map(name) is { } map ? map.Names.Select(child => (map, child)) : [];

    static TimeSpan? DurationOf(YamlMap map, string name) => map.Text(name) switch
    {
        null or "" => null,
        var text when GoDuration.TryParse(text, out var duration) => duration,
        var text => throw map.Fault(name, $"'{name}' is '{text}'; it must be a duration such as 500ms, 5s or 1m30s"),
    };
}
