using System.Collections.Frozen;
using System.Threading.RateLimiting;
using Jackpot.Gateway.Regions;

namespace Jackpot.Gateway.Routing;

/// <summary>How many requests of each tenant are let in, so that one at its limit takes nothing from others. Each gateway process counts for itself.</summary>
sealed class TenantLimits : IDisposable
{
    readonly FrozenDictionary<string, TenantLimit> _limits;

    public TenantLimits(RegionDirectory directory) =>
        _limits = directory.Here.ToFrozenDictionary(home => home.TenantId, home => new TenantLimit(home), StringComparer.Ordinal);

    internal TenantLimit Of(TenantHome home) => _limits[home.TenantId];

    public void Dispose()
    {
        foreach (var limit in _limits.Values)
        {
            limit.Dispose();
        }
    }
}

/// <summary>The limits of one tenant.</summary>
sealed class TenantLimit : IDisposable
{
    /// <summary>Requests that wait for their answers at once, where region.json names no number.</summary>
    internal const int ConcurrentMax = 8_192;

    readonly ConcurrencyLimiter _concurrent;
    readonly TokenBucketRateLimiter? _rate;

    internal TenantLimit(TenantHome home)
    {
        _concurrent = new ConcurrencyLimiter(new ConcurrencyLimiterOptions { PermitLimit = home.Limits?.Concurrent ?? ConcurrentMax, QueueLimit = 0 });
        if (home.Limits?.RequestsPerSecond is { } perSecond)
        {
            _rate = new TokenBucketRateLimiter(new TokenBucketRateLimiterOptions
            {
                TokenLimit = perSecond,
                TokensPerPeriod = perSecond,
                ReplenishmentPeriod = TimeSpan.FromSeconds(1),
                QueueLimit = 0,
            });
        }
    }

    /// <summary>Lets a request in until the lease is disposed of; null with the limit that it would exceed.</summary>
    internal RateLimitLease? TryEnter(out TenantLimitKind exceeded)
    {
        exceeded = TenantLimitKind.Concurrent;
        var entered = _concurrent.AttemptAcquire();
        if (entered.IsAcquired && _rate is not null)
        {
            exceeded = TenantLimitKind.Rate;
            using var counted = _rate.AttemptAcquire();
            if (!counted.IsAcquired)
            {
                entered.Dispose();
                return null;
            }
        }

        return entered.IsAcquired ? entered : null;
    }

    public void Dispose()
    {
        _concurrent.Dispose();
        _rate?.Dispose();
    }
}

/// <summary>Which limit.</summary>
enum TenantLimitKind
{
    Concurrent,
    Rate,
}
