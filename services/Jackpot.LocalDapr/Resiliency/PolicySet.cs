using System.Collections.Concurrent;
using Jackpot.LocalDapr.Components;

namespace Jackpot.LocalDapr.Resiliency;

/// <summary>What one target names: policies by their names in the file.</summary>
sealed record PolicyNames(string? Timeout, string? Retry, string? Breaker);

/// <summary>
/// The resiliency policies that one sidecar sees. A target without a policy of its own takes the most specific default by name,
/// for example <c>DefaultPubsubComponentInboundRetryPolicy</c>.
/// </summary>
sealed class PolicySet(ResiliencyFiles files, TimeProvider clock)
{
    // One breaker per target; actors and apps come and go, so the number is bounded.
    const int BreakersMax = 10_000;

    readonly ConcurrentDictionary<string, CircuitBreaker> _breakers = new(StringComparer.Ordinal);
    readonly ConcurrentDictionary<string, Policy> _policies = new(StringComparer.Ordinal);

    public bool IsEmpty => files.IsEmpty;

    public Policy InboundOf(string component, string kind) =>
        Get($"in|{component}", files.Inbound(component), $"{kind}ComponentInbound", "ComponentInbound", "Component", "");

    public Policy OutboundOf(string component, string kind) =>
        Get($"out|{component}", files.Outbound(component), $"{kind}ComponentOutbound", "ComponentOutbound", "Component", "");

    public Policy OfApp(string appId) => Get($"app|{appId}", files.App(appId), "App", "");

    public Policy OfActor(string type, string id)
    {
        if (files.IsEmpty)
        {
            return Policy.None;
        }
        var target = files.Actor(type);
        return Get(target is { BreakerPerId: true } ? $"actor|{type}|{id}" : $"actor|{type}", target?.Names, "Actor", "");
    }

    Policy Get(string key, PolicyNames? target, params ReadOnlySpan<string> defaults)
    {
        if (files.IsEmpty)
        {
            return Policy.None;
        }
        if (_policies.TryGetValue(key, out var known))
        {
            return known;
        }
        if (_policies.Count >= BreakersMax)
        {
            _policies.Clear();
            _breakers.Clear();
        }
        return _policies[key] = Build(key, target, defaults);
    }

    Policy Build(string key, PolicyNames? target, ReadOnlySpan<string> defaults)
    {
        var timeout = target?.Timeout is { } named ? files.Timeouts[named] : ByDefault(files.Timeouts, "TimeoutPolicy", defaults);
        var retry = target?.Retry is { } retryName ? files.Retries[retryName] : ByDefaultClass(files.Retries, "RetryPolicy", defaults);
        var breaker = target?.Breaker is { } breakerName ? files.Breakers[breakerName] : ByDefaultClass(files.Breakers, "CircuitBreakerPolicy", defaults);
        return new Policy(timeout, retry, breaker is null ? null : _breakers.GetOrAdd(key, _ => new CircuitBreaker(breaker, clock)));
    }

    static TimeSpan? ByDefault(Dictionary<string, TimeSpan> policies, string suffix, ReadOnlySpan<string> defaults)
    {
        foreach (var middle in defaults)
        {
            if (policies.TryGetValue($"Default{middle}{suffix}", out var policy))
            {
                return policy;
            }
        }
        return null;
    }

    static T? ByDefaultClass<T>(Dictionary<string, T> policies, string suffix, ReadOnlySpan<string> defaults)
        where T : class
    {
        foreach (var middle in defaults)
        {
            if (policies.TryGetValue($"Default{middle}{suffix}", out var policy))
            {
                return policy;
            }
        }
        return null;
    }
}
