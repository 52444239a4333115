using Jackpot.LocalDapr.Components;
using Jackpot.LocalDapr.Timing;

namespace Jackpot.LocalDapr.Resiliency;

/// <summary>A target among actors may keep one circuit breaker per type, per id or both.</summary>
sealed record ActorTarget(PolicyNames Names, bool BreakerPerId);

/// <summary>The Resiliency documents of one sidecar, read and checked.</summary>
sealed class ResiliencyFiles
{
    readonly Dictionary<string, PolicyNames> _apps = [];
    readonly Dictionary<string, ActorTarget> _actors = [];
    readonly Dictionary<string, PolicyNames> _inbound = [];
    readonly Dictionary<string, PolicyNames> _outbound = [];

    public Dictionary<string, TimeSpan> Timeouts { get; } = [];

    public Dictionary<string, RetryPolicy> Retries { get; } = [];

    public Dictionary<string, CircuitBreakerSettings> Breakers { get; } = [];

    public bool IsEmpty => Timeouts.Count + Retries.Count + Breakers.Count == 0;

    public static ResiliencyFiles Read(IEnumerable<ResourceDocument> documents, string appId, string appNamespace)
    {
        var files = new ResiliencyFiles();
        foreach (var document in documents.Where(document => document.Kind == "Resiliency"))
        {
            files.Add(document.Root, appId, appNamespace);
        }
        return files;
    }

    public PolicyNames? App(string appId) => _apps.GetValueOrDefault(appId);

    public ActorTarget? Actor(string type) => _actors.GetValueOrDefault(type);

    public PolicyNames? Inbound(string component) => _inbound.GetValueOrDefault(component);

    public PolicyNames? Outbound(string component) => _outbound.GetValueOrDefault(component);

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
        policies.OnlyKnows("timeouts", "retries", "circuitBreakers");
        foreach (var (map, name) in Each(policies, "timeouts"))
        {
            Timeouts[name] = DurationOf(map, name) ?? TimeSpan.Zero;
        }
        foreach (var (map, name) in Each(policies, "retries"))
        {
            Retries[name] = RetryOf(map.RequiredMap(name));
        }
        foreach (var (map, name) in Each(policies, "circuitBreakers"))
        {
            Breakers[name] = BreakerOf(name, map.RequiredMap(name));
        }
    }

    static RetryPolicy RetryOf(YamlMap map)
    {
        map.OnlyKnows("policy", "duration", "maxInterval", "maxRetries", "matching");
        var policy = map.Text("policy") ?? "constant";
        if (policy is not ("constant" or "exponential"))
        {
            throw map.Fault("policy", $"policy is '{policy}'; it must be constant or exponential");
        }
        StatusRanges? statuses = null;
        if (map.Map("matching") is { } matching)
        {
            matching.OnlyKnows("httpStatusCodes", "gRPCStatusCodes");
            if (matching.Text("httpStatusCodes") is { } codes && !StatusRanges.TryParse(codes, out statuses!))
            {
                throw matching.Fault("httpStatusCodes", $"'{codes}' is not a list of statuses such as 429,500-599");
            }
        }
        return new RetryPolicy(
            DurationOf(map, "duration") ?? TimeSpan.FromSeconds(policy == "constant" ? 5 : 0.5), map.Whole("maxRetries") ?? -1,
            policy == "exponential", DurationOf(map, "maxInterval") ?? TimeSpan.FromMinutes(1), statuses);
    }

    static CircuitBreakerSettings BreakerOf(string name, YamlMap map)
    {
        map.OnlyKnows("maxRequests", "interval", "timeout", "trip");
        var trip = map.Text("trip");
        var rule = trip is null ? TripRule.Default
            : TripRule.Parse(trip) ?? throw map.Fault("trip", $"the trip rule '{trip}' cannot be read; write for example: consecutiveFailures > 8");
        return new CircuitBreakerSettings(
            name, Math.Max(1, map.Whole("maxRequests") ?? 1), DurationOf(map, "interval") ?? TimeSpan.Zero, DurationOf(map, "timeout") ?? TimeSpan.FromMinutes(1), rule);
    }

    void AddTargets(YamlMap targets)
    {
        targets.OnlyKnows("apps", "actors", "components");
        foreach (var (map, name) in Each(targets, "apps"))
        {
            _apps[name] = NamesOf(map.RequiredMap(name), "circuitBreakerCacheSize");
        }
        foreach (var (map, name) in Each(targets, "actors"))
        {
            var target = map.RequiredMap(name);
            _actors[name] = new ActorTarget(NamesOf(target, "circuitBreakerScope", "circuitBreakerCacheSize"), target.Text("circuitBreakerScope") is "id" or "both");
        }
        foreach (var (map, name) in Each(targets, "components"))
        {
            var target = map.RequiredMap(name);
            target.OnlyKnows("inbound", "outbound");
            if (target.Map("inbound") is { } inbound)
            {
                _inbound[name] = NamesOf(inbound);
            }
            if (target.Map("outbound") is { } outbound)
            {
                _outbound[name] = NamesOf(outbound);
            }
        }
    }

    PolicyNames NamesOf(YamlMap map, params ReadOnlySpan<string> more)
    {
        map.OnlyKnows(["timeout", "retry", "circuitBreaker", .. more]);
        return new PolicyNames(Known(map, "timeout", Timeouts), Known(map, "retry", Retries), Known(map, "circuitBreaker", Breakers));
    }

    static string? Known<T>(YamlMap map, string field, Dictionary<string, T> policies) => map.Text(field) switch
    {
        null or "" => null,
        var name when policies.ContainsKey(name) => name,
        var name => throw map.Fault(field, $"no {field} policy is called '{name}'"),
    };

    static IEnumerable<(YamlMap Map, string Name)> Each(YamlMap parent, string name) =>
        parent.Map(name) is { } map ? map.Names.Select(child => (map, child)) : [];

    static TimeSpan? DurationOf(YamlMap map, string name) => map.Text(name) switch
    {
        null or "" => null,
        var text when GoDuration.TryParse(text, out var duration) => duration,
        var text => throw map.Fault(name, $"'{name}' is '{text}'; it must be a duration such as 500ms, 5s or 1m30s"),
    };
}
