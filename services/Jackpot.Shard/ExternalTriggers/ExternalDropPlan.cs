using System.Collections.Immutable;
using Jackpot.Core.Community;
using Jackpot.Core.Contributions;
using Jackpot.Core.Ledger;
using Jackpot.Ledger.Awards;
using Jackpot.Ledger.Jackpots;

namespace Jackpot.Shard.ExternalTriggers;

/// <summary>What one commit will do: Core's decision, who shares the award, and the cycle that opens after it.</summary>
/// <param name="Before">The jackpot, locked.</param>
/// <param name="Next">The jackpot afterwards, with its new cycle.</param>
/// <param name="Award">Frozen.</param>
/// <param name="Ledger">The drop's movements, what the house adds included.</param>
internal sealed record ExternalDropPlan(LoadedJackpot Before, NextCycles Next, FrozenAward Award, ImmutableArray<LedgerEntry> Ledger)
{
    /// <param name="before">The jackpot, locked.</param>
    /// <param name="tier">Its tier.</param>
    /// <param name="decision">Core's.</param>
    /// <param name="next">What follows the drop.</param>
    /// <param name="triggeredBy">The caller's name for it.</param>
    /// <param name="policy">What several winners get.</param>
    /// <param name="winners">In the order in which they were named or drawn.</param>
    public static ExternalDropPlan Make(
        LoadedJackpot before, int tier, BatchDecision decision, NextCycles next, string triggeredBy, SimultaneousPolicy policy, ImmutableArray<Winner> winners)
    {
        var drop = decision.Drops.Single();

        // The increment that stays is less than a minor unit, so after a reset the seed is what can be paid.
        var reset = next.After.State.Pools[tier].SeedMicros;
        var shares = SimultaneousRules.Share(policy, drop.AwardMicros, reset, winners.Length, before.Config.Currency);

        // Where there are more winners than minor units, those who come to nothing have no payout.
        var paid = winners.Zip(shares.Micros, (winner, micros) => new WinnerShare(winner, micros)).Where(share => share.Micros > 0);
        var award = new FrozenAward(before.AwardOf(drop), tier, drop, [.. paid]) { HouseMicros = shares.HouseMicros, TriggeredBy = triggeredBy };
        return new ExternalDropPlan(before, next, award, [.. decision.Ledger, .. OfTheHouse(award)]);
    }

    static LedgerEntry[] OfTheHouse(FrozenAward award) => award.HouseMicros == 0
        ? []
        :
        [
            new LedgerEntry(award.Drop.Pool, Account.House, -award.HouseMicros),
            new LedgerEntry(award.Drop.Pool, Account.AwardsPayable, award.HouseMicros),
        ];
}
