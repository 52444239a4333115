using Jackpot.Core.Amounts;
using Jackpot.Core.Contributions;
using Jackpot.Core.Ledger;
using Jackpot.Core.Lifecycle;
using Jackpot.Core.Pools;
using Jackpot.Core.Tests.Play;
using Jackpot.Core.Verification;

namespace Jackpot.Core.Tests.Statistics;

/// <summary>A million steps through everything that can happen to jackpots, with the books checked after each.</summary>
public sealed class RandomWalkTests
{
    const int Steps = 1_000_000;
    const int StepsPerJackpot = 5_000;
    const long StartUnixMs = 1_800_000_000_000;

    [Fact]
    [Trait("Rule", "R02")]
    [Trait("Rule", "R04")]
    [Trait("Rule", "R06")]
    [Trait("Rule", "R07")]
    [Trait("Rule", "R18")]
    [Trait("Rule", "R30")]
    [Trait("Rule", "R51")]
    public void A_million_steps_with_all_features_on_conserve_every_micro_unit()
    {
        var random = SeededRandom.New(301);
        var drops = 0;
        for (var steps = 0; steps < Steps; steps += StepsPerJackpot)
        {
            drops += Walk(random).Drops.Count;
        }

        TestContext.Current.TestOutputHelper?.WriteLine($"{drops} drops");
        Assert.True(drops > 20_000, $"Only {drops} drops: the walk no longer exercises what happens at one.");
    }

    static LiveJackpot Walk(Random random)
    {
        var live = new LiveJackpot(Terms.Any(random, AllFeatures.On), random, StartUnixMs);
        live.OnDecision = (decision, before) => CheckDecision(live, decision, before);
        for (var taken = 0; taken < StepsPerJackpot;)
        {
            taken += Step(live, random);
            live.NowUnixMs += random.Next(1, 600_000);
        }

        CheckBooks(live);
        CheckExports(live);
        return live;
    }

    static int Step(LiveJackpot live, Random random)
    {
        switch (random.Next(20))
        {
            case 0:
                live.Call(live.State.Pools[random.Next(live.State.Pools.Length)].Id);
                return 1;
            case 1:
                Assert.Equal(live.State with { Version = live.State.Version + 2 }, PausedAndResumed(live.State));
                return 1;
            case 2:
                live.Approved = live.Config with { Pools = [.. live.Config.Pools.Select(pool => pool with { SeedBoostMicros = random.NextInt64(100) * live.Config.Currency.MinorUnitMicros })] };
                return 1;
            case 3:
                live.Fund(random.Next(live.State.Pools.Length), random.NextInt64(1, 1_000 * Terms.Unit));
                return 1;
            default:
                var stakes = Enumerable.Range(0, random.Next(1, 60)).Select(_ => random.NextInt64(100_000 * Terms.Unit) >> random.Next(36)).ToArray();
                live.Play(stakes);
                return stakes.Length;
        }
    }

    static JackpotState PausedAndResumed(JackpotState state) =>
        JackpotStatusRules.Step(JackpotStatusRules.Step(state, JackpotStep.Pause).State, JackpotStep.Resume).State;

    static void CheckDecision(LiveJackpot live, BatchDecision decision, JackpotState before)
    {
        Assert.Equal(0, decision.Ledger.Sum(entry => entry.Micros));
        Assert.InRange(decision.Drops.Length, 0, live.Config.TiersPerBetMax);
        foreach (var (terms, opening, closing) in live.Config.Pools.Zip(before.Pools, decision.State.Pools))
        {
            Assert.True(MoneyEquation.Of(opening, closing, decision.Ledger).Holds);
            Assert.True(closing is { IncrementMicros: >= 0, SeedMicros: >= 0, ReserveMicros: >= 0, OverflowMicros: >= 0 });
            Assert.True(closing.AmountMicros <= terms.EffectiveCeilingMicros);
            Assert.True(decision.Drops.Any(drop => drop.Pool == terms.Id) || closing.AmountMicros >= opening.AmountMicros, "A meter went down without an award.");
        }

        foreach (var drop in decision.Drops)
        {
            CheckAward(live, drop);
        }

        CheckEveryStake(live, decision, before);
    }

    static void CheckAward(LiveJackpot live, Drop drop)
    {
        var terms = live.Config.Pools.Single(pool => pool.Id == drop.Pool);
        var least = terms.Trigger is MustDropByAmount mustDrop ? mustDrop.MinMicros : terms.SeedMicros;
        Assert.InRange(drop.AwardMicros, least, terms.EffectiveCeilingMicros);
        Assert.True(live.Config.Currency.IsWholeMinorUnits(drop.AwardMicros));
    }

    // After each stake, all tiers together show exactly what they showed before and what the stake put into them.
    static void CheckEveryStake(LiveJackpot live, BatchDecision decision, JackpotState before)
    {
        var pools = before.Pools.Length;
        var shown = before.Pools.Sum(pool => pool.AmountMicros);
        for (var i = 0; i < decision.Consumed; i++)
        {
            shown += live.Last.Splits[i].ToPoolsMicros;
            Assert.Equal(shown, live.Last.Amounts.AsSpan(i * pools, pools).ToArray().Sum());
        }
    }

    // A stranger agrees with the last cycles; where one bet may not win all tiers, the awards of the others are put beside them.
    static void CheckExports(LiveJackpot live)
    {
        var awards = live.Drops.Select(drop => new OtherAward(drop.Pool, drop.Cycle, drop.Sequence, drop.AwardMicros)).ToList();
        foreach (var drop in live.Drops.TakeLast(3))
        {
            var export = live.Export(drop);
            if (export.Batches.IsEmpty)
            {
                continue;
            }

            Assert.Empty(CycleVerifier.Verify(export with { AwardsInstead = [.. awards.Where(award => award.Pool != drop.Pool && award.Sequence > export.Opening.OpenedAfterSequence && award.Sequence < drop.Sequence)] }));
        }
    }

    static void CheckBooks(LiveJackpot live)
    {
        foreach (var closing in live.State.Pools)
        {
            var nothing = new PoolState(closing.Id, PoolStatus.Dropped, 0, 0, 0, 0, 0, 0, 0);
            var equation = MoneyEquation.Of(nothing, closing, live.Ledger);
            Assert.True(equation.Holds, equation.ToString());
            Assert.Equal(live.Drops.Where(drop => drop.Pool == closing.Id).Sum(drop => drop.AwardMicros), equation.AwardedMicros);
        }
    }
}
