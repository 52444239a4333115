using Jackpot.Core.Amounts;
using Jackpot.Core.Chain;
using Jackpot.Core.Community;
using Jackpot.Core.Contributions;
using Jackpot.Core.Draws;
using Jackpot.Core.Ids;
using Jackpot.Core.Pools;
using Jackpot.Core.Tests.Play;
using Jackpot.Core.Verification;
using static Jackpot.Core.Tests.Play.Terms;

namespace Jackpot.Core.Tests.Contributions;

/// <summary>Only who has put something into a pool's cycle gets anything out of it.</summary>
public sealed class FeedersOnlyTests
{
    const long Day = 86_400_000;

    // At rates of 1 % and 0.25 % a stake of 99 micro-units leaves nothing in the pool and one of 100 leaves one micro-unit.
    const long TooSmall = 99;
    const long JustEnough = 100;

    [Theory]
    [InlineData(0)]
    [InlineData(TooSmall)]
    public void A_withheld_must_drop_waits_for_a_stake_that_feeds_it(long stake)
    {
        var live = Withheld(PoolRules.RulesVersion);
        live.Play(stake);
        Assert.DoesNotContain(live.Drops, drop => drop.Pool.Value == "grand");
        live.Play(JustEnough);
        var grand = Assert.Single(live.Drops, drop => drop.Pool.Value == "grand");
        Assert.Equal(3, grand.Sequence);
        Assert.Empty(CycleVerifier.Verify(Export(live, grand)));
        Assert.Empty(live.Life().Again().Replay.Findings);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(TooSmall)]
    public void A_ripe_timed_pool_waits_for_a_stake_that_feeds_it(long stake)
    {
        var ripe = new LiveJackpot(Of(Timed(WhenNobodyPlays.NextContributionWins)), SeededRandom.New(), 40 * Day) { NowUnixMs = 42 * Day };
        ripe.Play(stake);
        Assert.Empty(ripe.Drops);
        ripe.Play(JustEnough);
        Assert.Equal(2, Assert.Single(ripe.Drops).Sequence);
    }

    [Fact]
    public void A_stake_that_leaves_nothing_in_the_raffle_buys_no_ticket()
    {
        var live = new LiveJackpot(Of(Raffle() with { Trigger = new RaffleTrigger(10, 3) }), SeededRandom.New());
        live.Play(TooSmall);
        Assert.Equal(0, live.State.Pools[0].TicketsSold);
        live.Play(JustEnough);
        Assert.Equal(10, live.State.Pools[0].TicketsSold);
    }

    [Fact]
    public void Nobody_shares_who_has_put_nothing_into_the_cycle()
    {
        Assert.Equal([Key(0)], Split(PoolRules.RulesVersion, new CommunityMember(Key(1), 0, 50, Day)).Select(share => share.Player));
        Assert.Equal([Key(0), Key(1)], Split(PoolRules.RulesVersion, new CommunityMember(Key(1), 1, 50, Day)).Select(share => share.Player));
        Assert.Equal([Key(0), Key(1)], Split(PoolRules.RulesVersionFirst, new CommunityMember(Key(1), 0, 50, Day)).Select(share => share.Player));
    }

    [Fact]
    public void A_pool_that_the_house_pays_for_is_there_for_every_stake_above_zero()
    {
        var gift = Timed(WhenNobodyPlays.NextContributionWins) with { Kind = PoolKind.Fixed, ContributionRate = default, ReserveRate = default };
        var live = new LiveJackpot(Of(gift), SeededRandom.New(), 40 * Day) { NowUnixMs = 42 * Day };
        live.Play(0);
        Assert.Empty(live.Drops);
        live.Play(1);
        Assert.Equal(2, Assert.Single(live.Drops).Sequence);
    }

    [Fact]
    public void The_least_stake_is_the_smallest_of_which_a_micro_unit_is_left()
    {
        var random = SeededRandom.New();
        for (var i = 0; i < 10_000; i++)
        {
            var pool = Random() with { ContributionRate = new(random.Next(PartsPerMillion.Whole)), ReserveRate = new(random.Next(1, PartsPerMillion.Whole)) };
            Assert.True(Share(pool, pool.LeastStakeMicros) > 0);
            Assert.Equal(0, Share(pool, pool.LeastStakeMicros - 1));
        }
    }

    [Fact]
    public void Whatever_is_played_nothing_goes_to_a_stake_that_feeds_nothing()
    {
        var random = SeededRandom.New();
        var (drops, tickets) = (0, 0L);
        for (var i = 0; i < 200; i++)
        {
            var live = new LiveJackpot(Any(random, AllFeatures.On), random, 40 * Day);
            for (var batch = 0; batch < 30; batch++)
            {
                live.NowUnixMs += random.NextInt64(Day);
                live.Play([.. Enumerable.Range(0, random.Next(1, 20)).Select(_ => AnyStake(random))]);
            }

            var stakes = live.Batches.SelectMany(batch => batch.Rows).ToDictionary(row => row.Sequence, row => row.StakeMicros);
            var terms = live.Config.Pools.ToDictionary(pool => pool.Id);
            foreach (var drop in live.Drops.Where(drop => terms[drop.Pool].Trigger is MustDropByAmount or MustDropByTime))
            {
                Assert.True(Feeds(terms[drop.Pool], stakes[drop.Sequence]), $"A stake of {stakes[drop.Sequence]} won {drop.Pool}.");
                drops++;
            }

            foreach (var pool in live.State.Pools)
            {
                if (terms[pool.Id].Trigger is RaffleTrigger raffle)
                {
                    Assert.Equal(stakes.Values.Where(stake => Feeds(terms[pool.Id], stake)).Sum(stake => stake / raffle.TicketPriceMicros), pool.TicketsSold);
                    tickets += pool.TicketsSold;
                }
            }

            Assert.Empty(live.Life().Again().Replay.Findings);
        }

        Assert.True(drops > 500 && tickets > 0, $"Only {drops} drops and {tickets} tickets were looked at.");
    }

    [Fact]
    public void A_cycle_that_was_won_by_nothing_under_the_first_rules_verifies_under_them_alone()
    {
        var live = Withheld(PoolRules.RulesVersionFirst);
        live.Play(0);
        var export = Export(live, Assert.Single(live.Drops, drop => drop.Pool.Value == "grand"));
        Assert.Empty(CycleVerifier.Verify(export));
        Assert.Contains(
            CycleVerifier.Verify(export with { Opening = export.Opening with { RulesVersion = PoolRules.RulesVersion } }), finding => finding.Kind == FindingKind.NoDrop);
        Assert.Equal(live.Drops, live.Life().Again((_, _) => PoolRules.RulesVersionFirst).Drops);
        Assert.NotEqual(live.Drops, live.Life().Again((_, _) => PoolRules.RulesVersion).Drops);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(PoolRules.RulesVersion + 1)]
    public void Rules_that_are_not_known_are_not_guessed(int version)
    {
        var live = Withheld(PoolRules.RulesVersion);
        live.Play(JustEnough);
        var export = Export(live, live.Drops[^1]);
        Assert.Contains(
            CycleVerifier.Verify(export with { Opening = export.Opening with { RulesVersion = version } }),
            finding => finding.Message.Contains("rules", StringComparison.Ordinal));
    }

    // The first stake of all fills the must-drop beyond its maximum, but the mini's award is higher and a bet may win one tier only.
    static LiveJackpot Withheld(int rulesVersion)
    {
        var mini = Random("mini") with { SeedMicros = 9 * Unit, Trigger = new RandomTrigger(1) };
        var live = new LiveJackpot(Of(mini, MustDrop("grand")) with { TiersPerBetMax = 1 }, SeededRandom.New(), rulesVersion: rulesVersion);
        live.Play(10_000 * Unit);
        Assert.Equal("mini", Assert.Single(live.Drops).Pool.Value);
        return live;
    }

    static CycleExport Export(LiveJackpot live, Drop drop) => live.Export(drop) with
    {
        AwardsInstead = [.. live.Drops.Where(other => other.Pool != drop.Pool).Select(other => new OtherAward(other.Pool, other.Cycle, other.Sequence, other.AwardMicros))],
    };

    static IEnumerable<CommunityShare> Split(int rulesVersion, CommunityMember member)
    {
        var pool = PoolId.Parse("pool");
        var drop = new Drop(pool, 1, 10, 1_000 * Unit, 0, new TriggeredByGame());
        var occasion = new CommunityOccasion(drop, Euro, Key(0), [member], Day, new CycleSecret(new byte[32]), default) { RulesVersion = rulesVersion };
        CommunityPart[] parts = [new AmongActive(new PartsPerMillion(500_000), 10, 1), new TopOfLifetime(new PartsPerMillion(500_000), 10)];
        return parts.SelectMany(part => CommunityRules.Split([part], occasion)).DistinctBy(share => share.Player);
    }

    static long AnyStake(Random random) => random.Next(4) switch
    {
        0 => 0,
        1 => random.NextInt64(1, 1_000),
        _ => random.NextInt64(1, 2_000 * Unit),
    };

    // Said anew, not by the property that the rules use.
    static bool Feeds(PoolConfig pool, long stake) => pool.ContributionRate.Value + pool.ReserveRate.Value == 0 ? stake > 0 : Share(pool, stake) > 0;

    static long Share(PoolConfig pool, long stake) => pool.ContributionRate.FloorOf(stake) + pool.ReserveRate.FloorOf(stake);

    static Hash16 Key(byte n) => new([n, .. new byte[15]]);
}
