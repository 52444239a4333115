using System.Collections.Concurrent;
using Jackpot.Core.Limits;
using Jackpot.Shard.Jackpots;

namespace Jackpot.Shard.Quarantine;

/// <summary>
/// Judges stakes against the limits of their jackpot (R01). The rate of a tenant is metered in this replica's memory, in windows that every
/// replica cuts alike: with n replicas a tenant may stake up to n times the limit in a window, and a restart starts the window anew.
/// </summary>
internal sealed class StakeLimits(TimeProvider clock)
{
    // One per tenant and jackpot with limits; both come from configuration, so there is no end to bound.
    readonly ConcurrentDictionary<(int Jackpot, string TenantId), Meter> _meters = new();

    /// <summary>Takes the stake into its window when it is believed. Micro-units of the jackpot's currency.</summary>
    public LimitVerdict Judge(JackpotEntry jackpot, string tenantId, long stakeMicros) => jackpot.Terms.Limits is { } limits
        ? _meters.GetOrAdd((jackpot.Number, tenantId), static _ => new Meter()).Judge(limits, stakeMicros, clock.GetUtcNow().ToUnixTimeMilliseconds())
        : LimitVerdict.Within;

    /// <summary>Gives back what was taken for a stake that was then not recorded, or had been recorded before: a storm of repetitions is no rate.</summary>
    public void GiveBack(JackpotEntry jackpot, string tenantId, long stakeMicros)
    {
        if (jackpot.Terms.Limits is not null && _meters.TryGetValue((jackpot.Number, tenantId), out var meter))
        {
            meter.GiveBack(stakeMicros);
        }
    }

    sealed class Meter
    {
        readonly Lock _lock = new();
        RateMeter _taken;

        public LimitVerdict Judge(ContributionLimits limits, long stakeMicros, long atUnixMs)
        {
            lock (_lock)
            {
                var decision = LimitRules.Check(limits, _taken, stakeMicros, atUnixMs);
                _taken = decision.Meter;
                return decision.Verdict;
            }
        }

        // Should a window have begun in between, the new one has nothing to give back.
        public void GiveBack(long stakeMicros)
        {
            lock (_lock)
            {
                _taken = _taken with { TakenMicros = Math.Max(0, _taken.TakenMicros - stakeMicros) };
            }
        }
    }
}
