using Jackpot.Core.Amounts;
using Jackpot.Core.Contributions;
using Jackpot.Core.Ids;
using Jackpot.Core.Ledger;
using Jackpot.Core.Pools;
using Jackpot.Core.Tests.Play;
using Jackpot.TestKit;

namespace Jackpot.Core.Tests.Contributions;

public sealed class ConservationTests
{
    static readonly int Contributions = Long.Count(50_000, 5_000_000);
    const int PerJackpot = 500;

    [Fact]
    [Trait("Rule", "R04")]
    [Trait("Rule", "R05")]
    [Trait("Rule", "R06")]
    [Trait("Rule", "R51")]
    public void Contributions_over_any_terms_are_conserved_to_the_micro_unit()
    {
        var random = SeededRandom.New();
        var drops = 0;
        for (var played = 0; played < Contributions; played += PerJackpot)
        {
            var jackpot = new LiveJackpot(Terms.Any(random), random);
            jackpot.OnDecision = (decision, before) => CheckDecision(jackpot.Config, decision, before);
            foreach (var stakes in AnyStakes(random).Chunk(random.Next(1, 200)))
            {
                jackpot.Play(stakes);
            }

            CheckHistory(jackpot);
            drops += jackpot.Drops.Count;
        }

        Assert.True(drops > 1_000, $"Only {drops} drops: the terms no longer exercise what happens at one.");
    }

    static IEnumerable<long> AnyStakes(Random random) =>
        Enumerable.Range(0, PerJackpot).Select(_ => random.NextInt64(100_000 * Terms.Unit) >> random.Next(36));

    static void CheckDecision(JackpotConfig config, BatchDecision decision, JackpotState before)
    {
        Assert.Equal(0, decision.Ledger.Sum(entry => entry.Micros));
        Assert.Equal(before.Sequence + decision.Consumed, decision.State.Sequence);
        foreach (var (terms, opening, closing) in config.Pools.Zip(before.Pools, decision.State.Pools))
        {
            Assert.True(MoneyEquation.Of(opening, closing, decision.Ledger).Holds);
            Assert.InRange(closing.AmountMicros, 0, terms.EffectiveCeilingMicros);
            Assert.All([closing.IncrementMicros, closing.SeedMicros, closing.ReserveMicros, closing.OverflowMicros], balance => Assert.True(balance >= 0));
        }

        foreach (var drop in decision.Drops)
        {
            CheckDrop(config, config.Pools.Single(terms => terms.Id == drop.Pool), drop);
        }
    }

    static void CheckDrop(JackpotConfig config, PoolConfig terms, Drop drop)
    {
        Assert.True(config.Currency.IsWholeMinorUnits(drop.AwardMicros));
        Assert.InRange(drop.AwardMicros, Math.Max(terms.SeedMicros, 1), terms.EffectiveCeilingMicros);
        Assert.InRange(drop.RemainderMicros, 0, config.Currency.MinorUnitMicros - 1);
        if ((terms.Trigger, drop.Evidence) is (MustDropByAmount range, HiddenAmountReached reached))
        {
            Assert.InRange(reached.ThresholdMicros, range.MinMicros, range.MaxMicros);
            Assert.InRange(drop.AwardMicros, range.MinMicros, range.MaxMicros);
        }
    }

    static void CheckHistory(LiveJackpot jackpot)
    {
        Assert.Equal(0, jackpot.Ledger.Sum(entry => entry.Micros));
        Assert.Equal(jackpot.Drops.Count, jackpot.Drops.Select(drop => (drop.Pool, drop.Cycle)).Distinct().Count());
        Assert.Equal(jackpot.Batches.Sum(batch => batch.Rows.Sum(row => row.ContributionMicros)),
            -jackpot.Ledger.Where(entry => entry.Account == Account.PlayerContributions).Sum(entry => entry.Micros));
        foreach (var (terms, closing) in jackpot.Config.Pools.Zip(jackpot.State.Pools))
        {
            var nothing = new PoolState(terms.Id, PoolStatus.Dropped, 0, 0, 0, 0, 0, 0, 0);
            var equation = MoneyEquation.Of(nothing, closing, jackpot.Ledger);
            Assert.True(equation.Holds, equation.ToString());
            Assert.Equal(jackpot.Drops.Where(drop => drop.Pool == terms.Id).Sum(drop => drop.AwardMicros), equation.AwardedMicros);
            Assert.Equal(terms.SeedMicros, closing.SeedMicros);
        }
    }
}
