using System.Collections.Concurrent;
using Jackpot.Core.Limits;
using Jackpot.Ledger.Jackpots;

namespace Jackpot.Shard.Quarantine;

/// <summary>
/// Judges stakes against the limits of their jackpot (R01). The rate of a tenant is counted in this replica's memory, in windows that every
/// replica cuts alike: with n replicas a tenant may stake up to n times the limit in a window, and a restart starts the window anew.
/// </summary>
internal sealed class StakeLimits(TimeProvider clock)
{
    // One per tenant and jackpot with limits; both come from configuration, so there is no end to bound.
    readonly ConcurrentDictionary<(int Jackpot, string TenantId), TenantWindow> _windows = new();

    /// <summary>Takes the stake into its window when it is within the limits. Micro-units of the jackpot's currency.</summary>
    /// <param name="jackpot">The jackpot.</param>
    /// <param name="tenantId">Whose rate it is.</param>
    /// <param name="stakeMicros">The stake.</param>
    /// <param name="taken">What it used of the rate, to be given back unless it is recorded by this.</param>
    public LimitVerdict Judge(JackpotEntry jackpot, string tenantId, long stakeMicros, out TakenRate taken)
    {
        taken = default;
        return jackpot.Terms.Limits is { } limits
            ? _windows.GetOrAdd((jackpot.Number, tenantId), static _ => new TenantWindow()).Judge(limits, stakeMicros, clock.GetUtcNow().ToUnixTimeMilliseconds(), out taken)
            : LimitVerdict.Within;
    }

    /// <summary>Gives back what was taken for a stake that was then not recorded, or had been recorded before: a storm of repetitions is no rate.</summary>
    public void GiveBack(JackpotEntry jackpot, string tenantId, in TakenRate taken)
    {
        if (taken.StakeMicros > 0 && _windows.TryGetValue((jackpot.Number, tenantId), out var window))
        {
            window.GiveBack(taken);
        }
    }

    sealed class TenantWindow
    {
        readonly Lock _lock = new();
        RateWindow _taken;

        public LimitVerdict Judge(ContributionLimits limits, long stakeMicros, long atUnixMs, out TakenRate taken)
        {
            lock (_lock)
            {
                var decision = LimitRules.Check(limits, _taken, stakeMicros, atUnixMs);
                _taken = decision.Window;
                taken = decision.Verdict == LimitVerdict.Within ? new TakenRate(_taken.WindowStartUnixMs, stakeMicros) : default;
                return decision.Verdict;
            }
        }

        // A window that has begun in between took nothing for this stake, so nothing of it is given back.
        public void GiveBack(in TakenRate taken)
        {
            lock (_lock)
            {
                if (_taken.WindowStartUnixMs == taken.WindowStartUnixMs)
                {
                    _taken = _taken with { TakenMicros = _taken.TakenMicros - taken.StakeMicros };
                }
            }
        }
    }
}

/// <summary>What a stake has used of its tenant's rate, and in which window; nothing when it was over a limit or the jackpot has no limits.</summary>
internal readonly record struct TakenRate(long WindowStartUnixMs, long StakeMicros);
