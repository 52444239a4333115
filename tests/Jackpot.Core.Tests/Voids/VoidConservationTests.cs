using System.Collections.Immutable;
using Jackpot.Core.Ledger;
using Jackpot.Core.Pools;
using Jackpot.Core.Tests.Play;
using Jackpot.Core.Verification;
using Jackpot.Core.Voids;
using Jackpot.TestKit;

namespace Jackpot.Core.Tests.Voids;

public sealed class VoidConservationTests
{
    static readonly int Jackpots = Long.Count(60, 6_000);
    const int Steps = 120;

    [Fact]
    [Trait("Rule", "R04")]
    [Trait("Rule", "R51")]
    public void Any_order_of_bets_voids_partial_voids_and_drops_conserves_every_micro_unit()
    {
        var random = SeededRandom.New();
        var (drops, carried, verified) = (0, 0L, 0);
        for (var i = 0; i < Jackpots; i++)
        {
            var live = new LiveJackpot(Terms.Any(random, AllFeatures.On) with { TiersPerBetMax = JackpotConfig.PoolsMax }, random, startUnixMs: 1_700_000_000_000);
            var parts = Lived(live, random);
            CheckBooks(live, parts);
            drops += live.Drops.Count;
            carried += parts.Count(part => part.CarriedMicros > 0);
            var (replay, _, _) = live.Life().Again();
            Assert.Empty(replay.Findings);
            Assert.Equal((live.State.ChainHead, live.State.Version), (replay.State.ChainHead, replay.State.Version));
            Assert.Equal(live.State.Pools, replay.State.Pools);
            foreach (var drop in live.Drops)
            {
                Assert.Empty(CycleVerifier.Verify(live.Export(drop)));
                verified++;
            }
        }

        Assert.True(drops > Jackpots && carried > Jackpots && verified == drops, $"{drops} drops and {carried} voids after one: the terms no longer exercise what happens at one.");
    }

    static List<VoidedPart> Lived(LiveJackpot live, Random random)
    {
        var all = new List<VoidedPart>();
        var (contributed, voided) = (0L, 0L);
        for (var step = 0; step < Steps; step++)
        {
            switch (random.Next(8))
            {
                case < 4:
                    live.NowUnixMs += random.Next(600_000);
                    live.Play([.. Enumerable.Range(0, random.Next(1, 12)).Select(_ => random.NextInt64(100_000 * Terms.Unit) >> random.Next(36))]);
                    break;
                case 4:
                    live.Fund(random.Next(live.Config.Pools.Length), random.NextInt64(1, Terms.Unit));
                    break;
                case 5:
                    live.Call(live.Config.Pools[random.Next(live.Config.Pools.Length)].Id);
                    break;
                default:
                    all.AddRange(Void(live, random));
                    break;
            }

            var (contributedNow, voidedNow) = (live.Batches.Sum(batch => batch.Rows.Sum(row => row.ContributionMicros)), all.Sum(part => part.ContributionMicros));
            Assert.True(contributedNow >= contributed && voidedNow >= voided && voidedNow <= contributedNow, "A total has shrunk, or more was taken back than there was.");
            (contributed, voided) = (contributedNow, voidedNow);
            Assert.All(live.State.Pools, pool => Assert.All([pool.IncrementMicros, pool.SeedMicros, pool.ReserveMicros, pool.OverflowMicros], balance => Assert.True(balance >= 0)));
        }

        return all;
    }

    static ImmutableArray<VoidedPart> Void(LiveJackpot live, Random random)
    {
        if (live.State.Sequence == 0)
        {
            return [];
        }

        var wanted = Enumerable.Range(0, random.Next(1, 6)).Select(_ => (
            random.NextInt64(Math.Max(1, live.State.Sequence - 40), live.State.Sequence + 1),
            random.Next(2) == 0 ? (long?)null : random.NextInt64(100_000 * Terms.Unit) >> random.Next(36),
            random.Next(5) == 0 ? VoidRoad.Settlement : VoidRoad.Pools));
        return live.Void([.. wanted]);
    }

    static void CheckBooks(LiveJackpot live, List<VoidedPart> parts)
    {
        Assert.Equal(0, live.Ledger.Sum(entry => entry.Micros));
        var seeded = live.Config.Funding == FundingMode.Marketing;
        if (!seeded)
        {
            var contributed = live.Batches.Sum(batch => batch.Rows.Sum(row => row.ContributionMicros));
            Assert.Equal(contributed - parts.Sum(part => part.ContributionMicros), -live.Ledger.Where(entry => entry.Account == Account.PlayerContributions).Sum(entry => entry.Micros));
        }

        foreach (var (terms, closing) in live.Config.Pools.Zip(live.State.Pools))
        {
            var equation = MoneyEquation.Of(new PoolState(terms.Id, PoolStatus.Dropped, 0, 0, 0, 0, 0, 0, 0), closing, live.Ledger);
            Assert.True(equation.Holds, equation.ToString());
        }
    }

    [Fact]
    public void A_bet_and_its_void_are_nothing_where_no_drop_lies_between()
    {
        var random = SeededRandom.New();
        var undisturbed = 0;
        for (var i = 0; i < Jackpots * 10; i++)
        {
            var config = Terms.Any(random);
            var (with, without) = (new LiveJackpot(config, random), new LiveJackpot(config, random));
            var stakes = Enumerable.Range(0, 20).Select(_ => random.NextInt64(1_000 * Terms.Unit) >> random.Next(30)).ToList();
            var taken = Enumerable.Range(1, stakes.Count).OrderBy(_ => random.Next()).Take(random.Next(1, stakes.Count)).ToList();
            with.Play([.. stakes]);
            foreach (var sequence in taken)
            {
                with.Void([.. InParts(sequence, stakes[sequence - 1], random)]);
            }

            without.Play([.. stakes.Where((_, index) => !taken.Contains(index + 1))]);
            if (with.Drops.Count == 0 && without.Drops.Count == 0)
            {
                Assert.Equal(without.State.Pools, with.State.Pools);
                undisturbed++;
            }
        }

        Assert.True(undisturbed > Jackpots, $"Only {undisturbed} jackpots had no drop.");
    }

    static IEnumerable<(long, long?, VoidRoad)> InParts(long sequence, long stake, Random random)
    {
        for (var part = random.NextInt64(stake + 1); part > 0 && random.Next(3) > 0; part = random.NextInt64(stake + 1))
        {
            stake -= part;
            yield return (sequence, part, VoidRoad.Pools);
        }

        yield return (sequence, null, VoidRoad.Pools);
    }
}
