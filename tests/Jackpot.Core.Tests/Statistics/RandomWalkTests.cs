using Jackpot.Core.Amounts;
using Jackpot.Core.Changes;
using Jackpot.Core.Contributions;
using Jackpot.Core.Draws;
using Jackpot.Core.Ids;
using Jackpot.Core.Ledger;
using Jackpot.Core.Lifecycle;
using Jackpot.Core.Pools;
using Jackpot.Core.Tests.Play;
using Jackpot.Core.Verification;
using Jackpot.TestKit;

namespace Jackpot.Core.Tests.Statistics;

/// <summary>Very many steps through everything that can happen to jackpots, with the books checked after each.</summary>
public sealed class RandomWalkTests
{
    static readonly int Steps = Long.Count(200_000, 10_000_000);
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
    public void A_long_walk_with_all_features_on_conserves_every_micro_unit()
    {
        var random = SeededRandom.New(301);
        var drops = 0;
        for (var steps = 0; steps < Steps; steps += StepsPerJackpot)
        {
            drops += Walk(random).Drops.Count;
        }

        TestContext.Current.TestOutputHelper?.WriteLine($"{drops} drops");
        Assert.True(drops > Steps / 50, $"Only {drops} drops: the walk no longer exercises what happens at one.");
    }

    static LiveJackpot Walk(Random random)
    {
        var live = new LiveJackpot(Terms.Any(random, AllFeatures.On), random, StartUnixMs);
        live.OnDecision = (decision, before) => CheckDecision(live, decision, before);
        var books = new RunningBooks();
        for (var taken = 0; taken < StepsPerJackpot;)
        {
            taken += Step(live, random);
            books.Check(live);
            live.NowUnixMs += random.Next(1, 600_000);
        }

        CheckBooks(live);
        CheckExports(live);
        return live;
    }

    static int Step(LiveJackpot live, Random random)
    {
        switch (random.Next(24))
        {
            case 0 or 1:
                live.DropExternally(live.State.Pools[random.Next(live.State.Pools.Length)].Id);
                return 1;
            case 2:
                CheckPause(live);
                return 1;
            case 3 or 4:
                Change(live, random);
                return 1;
            case 5:
                live.Fund(random.Next(live.State.Pools.Length), random.NextInt64(1, 1_000 * Terms.Unit));
                return 1;
            case 6:
                TakeOver(live, random);
                return 1;
            default:
                var stakes = Enumerable.Range(0, random.Next(1, 60)).Select(_ => random.NextInt64(100_000 * Terms.Unit) >> random.Next(36)).ToArray();
                live.Play(stakes);
                return stakes.Length;
        }
    }

    // Written by one, agreed by another; what of it is in force when is the terms' own business.
    static void Change(LiveJackpot live, Random random)
    {
        var after = live.Config with { Pools = [.. live.Config.Pools.Select(pool => Changed(pool, live.Config.Currency, random))] };
        var draft = ConfigChange.Draft(live.Config, after, "anna", "campaign");
        var proposed = ChangeRules.Step(draft, ChangeStep.Propose, "anna");
        Assert.True(proposed.Answer is ChangeAnswer.Done or ChangeAnswer.NothingChanged, proposed.Faults.FirstOrDefault()?.Message);
        Assert.NotEqual(ChangeAnswer.Done, ChangeRules.Step(proposed.Change, ChangeStep.Approve, "anna").Answer);
        live.Approved = ChangeRules.Step(proposed.Change, ChangeStep.Approve, "ben").Change is { Status: ChangeStatus.Approved } approved ? approved.After : live.Approved;
    }

    static PoolConfig Changed(PoolConfig pool, Currency currency, Random random)
    {
        var unit = currency.MinorUnitMicros;
        return pool with
        {
            ContributionRate = pool.Kind == PoolKind.Fixed ? default : new PartsPerMillion(random.Next(1, 60_000)),
            ReserveRate = new PartsPerMillion(random.Next(60_000)),
            SeedMicros = Math.Max(unit, pool.SeedMicros / unit * random.Next(5, 11) / 10 * unit),
            SeedShareOfAward = new PartsPerMillion(random.Next(2) * random.Next(500_000)),
            SeedBoostMicros = random.NextInt64(100) * unit,
            CeilingMicros = pool.CeilingMicros + random.NextInt64(100) * unit,
            Trigger = pool.Trigger is RandomTrigger odds ? new RandomTrigger(Math.Max(Terms.Unit, odds.TurnoverPerDropMicros * random.Next(5, 15) / 10)) : pool.Trigger,
        };
    }

    static void TakeOver(LiveJackpot live, Random random)
    {
        long Any() => random.NextInt64(1_000 * Terms.Unit) >> random.Next(30);
        var ended = new PoolState(PoolId.Parse("ended"), PoolStatus.Open, 7, 0, Any(), Any(), Any(), Any(), 0);
        Assert.True(live.TakeOver(random.Next(live.State.Pools.Length), ended) is TransferAnswer.Done or TransferAnswer.NothingToMove);
    }

    static void CheckPause(LiveJackpot live)
    {
        var paused = JackpotStatusRules.Step(live.State, JackpotStep.Pause).State;
        Assert.Throws<InvalidOperationException>(() => JackpotRules.Record(live.Config, paused, [new Stake(Terms.Unit)], new CycleSecret[paused.Pools.Length], new long[paused.Pools.Length], new ContributionSplit[1], live.NowUnixMs));
        Assert.Equal(ExternalDropAnswer.JackpotNotActive, ExternalDropRules.Drop(live.Config, paused, paused.Pools[0].Id, default).Answer);
        Assert.Equal(live.State with { Version = live.State.Version + 2 }, PausedAndResumed(live.State));
    }

    static JackpotState PausedAndResumed(JackpotState state) =>
        JackpotStatusRules.Step(JackpotStatusRules.Step(state, JackpotStep.Pause).State, JackpotStep.Resume).State;

    static void CheckDecision(LiveJackpot live, BatchDecision decision, JackpotState before)
    {
        Assert.Equal(0, decision.Ledger.Sum(entry => entry.Micros));
        Assert.InRange(decision.Drops.Length, 0, live.Decided.TiersPerBetMax);
        foreach (var (terms, opening, closing) in live.Decided.Pools.Zip(before.Pools, decision.State.Pools))
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
        var terms = live.Decided.Pools.Single(pool => pool.Id == drop.Pool);
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

    /// <summary>Every account of every pool, added up entry by entry: after each step it is what the pool says that it holds.</summary>
    sealed class RunningBooks
    {
        readonly Dictionary<(PoolId, Account), long> _accounts = [];
        int _read;

        public void Check(LiveJackpot live)
        {
            for (; _read < live.Ledger.Count; _read++)
            {
                var (pool, account, micros) = live.Ledger[_read];
                _accounts[(pool, account)] = checked(_accounts.GetValueOrDefault((pool, account)) + micros);
            }

            foreach (var pool in live.State.Pools)
            {
                Assert.Equal(
                    (pool.IncrementMicros, pool.SeedMicros, pool.ReserveMicros, pool.OverflowMicros),
                    (Sum(pool, Account.PoolIncrement), Sum(pool, Account.PoolSeed), Sum(pool, Account.Reserve), Sum(pool, Account.Overflow)));
            }

            Assert.Equal(0, _accounts.Values.Sum());
        }

        long Sum(PoolState pool, Account account) => _accounts.GetValueOrDefault((pool.Id, account));
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
