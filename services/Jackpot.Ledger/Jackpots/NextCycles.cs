using System.Collections.Immutable;
using Jackpot.Core.Contributions;
using Jackpot.Core.Draws;
using Jackpot.Core.Ledger;
using Jackpot.Core.Pools;

namespace Jackpot.Ledger.Jackpots;

/// <summary>What follows a drop, whatever caused it: the next cycle of every dropped pool, under the terms that are in force from now on.</summary>
/// <param name="After">The jackpot with its new cycles.</param>
/// <param name="Opened">The new cycles, secrets made and sealed.</param>
/// <param name="Seeding">The movements that seed them.</param>
internal sealed record NextCycles(LoadedJackpot After, List<OpenedCycle> Opened, ImmutableArray<LedgerEntry> Seeding)
{
    /// <summary>Opens them: fresh secrets, made and committed to before any stake of the new cycles is looked at.</summary>
    public static NextCycles Open(LoadedJackpot before, JackpotState dropped, long decidedAtMs, CycleVault vault)
    {
        var terms = before.Approved is { } approved ? before.Terms.Meet(approved, dropped) : before.Terms;
        var opening = JackpotRules.OpenNextCycles(terms.Config, dropped, decidedAtMs);
        var secrets = (CycleSecret[])before.Secrets.Clone();
        var opened = new List<OpenedCycle>();
        for (var tier = 0; tier < secrets.Length; tier++)
        {
            var pool = opening.State.Pools[tier];
            if (pool.Cycle != before.State.Pools[tier].Cycle)
            {
                secrets[tier] = CycleVault.NewSecret();
                opened.Add(JackpotPlan.Seal(tier, pool, secrets[tier], vault));
            }
        }

        var after = before with
        {
            State = opening.State,
            Secrets = secrets,
            Terms = terms,
            Approved = before.Approved is { } waiting && !terms.Are(waiting) ? waiting : null,
        };
        return new NextCycles(after, opened, opening.Ledger);
    }
}
