using Jackpot.Core.Contributions;
using Jackpot.Core.Ids;
using Jackpot.Core.Ledger;
using Jackpot.Core.Pools;
using Jackpot.Core.Tests.Play;
using Jackpot.Core.Verification;
using static Jackpot.Core.Tests.Play.Terms;

namespace Jackpot.Core.Tests.Contributions;

public sealed class TierPolicyTests
{
    [Fact]
    [Trait("Rule", "R41")]
    public void When_levels_cross_the_highest_amounts_are_paid_and_the_others_go_on()
    {
        var live = Played(tiersPerBetMax: 2);
        Assert.Equal(["major", "grand"], live.Drops.Select(drop => drop.Pool.Value));
        Assert.Equal([1, 2, 2], live.State.Pools.Select(pool => pool.Cycle));
    }

    [Fact]
    [Trait("Rule", "R41")]
    public void Of_equal_amounts_the_higher_tier_is_paid()
    {
        var config = Of(Always("mini", 5), Always("major", 5)) with { TiersPerBetMax = 1 };
        var live = new LiveJackpot(config, SeededRandom.New());
        live.Play(1 * Unit);
        Assert.Equal("major", Assert.Single(live.Drops).Pool.Value);
    }

    [Fact]
    [Trait("Rule", "R40")]
    public void Without_a_limit_every_tier_that_fires_is_paid_in_full() =>
        Assert.Equal(3, Played(JackpotConfig.PoolsMax).Drops.Count);

    [Fact]
    public void A_withheld_tier_is_told_and_verified_with_the_awards_that_were_paid_instead()
    {
        var config = Of(Always("mini", 9), MustDrop("grand")) with { TiersPerBetMax = 1 };
        var live = new LiveJackpot(config, SeededRandom.New());
        BatchDecision? withheld = null;
        live.OnDecision = (decision, _) => withheld ??= decision.Withheld.IsEmpty ? null : decision;

        // The must-drop holds 12 at most; the mini's 9 and its part of the stake are more.
        live.Play(10_000 * Unit);
        Assert.Equal(["grand"], withheld!.Withheld.Select(pool => pool.Value));
        live.Play(1 * Unit);
        var grand = live.Drops.Single(drop => drop.Pool.Value == "grand");

        var instead = live.Drops.Where(drop => drop.Pool.Value == "mini").Select(drop => new OtherAward(drop.Pool, drop.Cycle, drop.Sequence, drop.AwardMicros));
        var export = live.Export(grand);
        Assert.Empty(CycleVerifier.Verify(export with { AwardsInstead = [.. instead] }));
        Assert.Contains(CycleVerifier.Verify(export), finding => finding.Kind == FindingKind.EarlierDrop);
        Assert.Contains(
            CycleVerifier.Verify(export with { AwardsInstead = [.. instead.Select(award => award with { AmountMicros = 1 })] }),
            finding => finding.Kind == FindingKind.EarlierDrop);
        Assert.Empty(live.Life().Again().Replay.Findings);
    }

    [Fact]
    public void Marketing_pays_the_contributions_of_a_jackpot_that_costs_the_player_nothing()
    {
        var live = new LiveJackpot(Of(Random()) with { Funding = FundingMode.Marketing }, SeededRandom.New());
        live.Play(2 * Unit);
        Assert.Equal(-(1_000 * Unit + 25_000), live.Ledger.Where(entry => entry.Account == Account.House).Sum(entry => entry.Micros));
        Assert.DoesNotContain(live.Ledger, entry => entry.Account == Account.PlayerContributions);
    }

    static LiveJackpot Played(int tiersPerBetMax)
    {
        var live = new LiveJackpot(Of(Always("mini", 50), Always("major", 70), Always("grand", 60)) with { TiersPerBetMax = tiersPerBetMax }, SeededRandom.New());
        live.Play(1 * Unit);
        return live;
    }

    static PoolConfig Always(string id, long seed) => Random(id) with { SeedMicros = seed * Unit, Trigger = new RandomTrigger(1) };
}
