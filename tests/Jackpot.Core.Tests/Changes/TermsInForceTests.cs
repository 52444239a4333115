using Jackpot.Core.Amounts;
using Jackpot.Core.Changes;
using Jackpot.Core.Contributions;
using Jackpot.Core.Pools;
using Jackpot.Core.Tests.Play;
using static Jackpot.Core.Tests.Play.Terms;

namespace Jackpot.Core.Tests.Changes;

public sealed class TermsInForceTests
{
    static readonly JackpotConfig Before = Of(Random("a"), Random("b"));
    static readonly JackpotState Running = JackpotRules.Start(Before).State;

    public static TheoryData<string, Func<PoolConfig, PoolConfig>> DeferredChanges() => new()
    {
        { "contribution rate", pool => pool with { ContributionRate = new PartsPerMillion(20_000) } },
        { "reserve rate", pool => pool with { ReserveRate = new PartsPerMillion(1) } },
        { "seed", pool => pool with { SeedMicros = 2_000 * Unit } },
        { "odds", pool => pool with { Trigger = new RandomTrigger(1) } },
        { "kind of trigger", pool => pool with { Trigger = new ExternalTrigger() } },
        { "share of the award", pool => pool with { SeedShareOfAward = new PartsPerMillion(1) } },
        { "boost", pool => pool with { SeedBoostMicros = Unit } },
    };

    [Theory]
    [Trait("Rule", "R13")]
    [Trait("Rule", "R14")]
    [Trait("Rule", "R16")]
    [MemberData(nameof(DeferredChanges))]
    public void Rates_odds_and_seed_wait_for_the_pools_next_cycle(string what, Func<PoolConfig, PoolConfig> change)
    {
        var approved = Before with { Pools = [change(Before.Pools[0]), change(Before.Pools[1])] };
        Assert.True(TermsInForce.After(Before, approved, Running) == Before, what);

        var dropped = Running with { Pools = Running.Pools.SetItem(1, Running.Pools[1] with { Status = PoolStatus.Dropped }) };
        var half = TermsInForce.After(Before, approved, dropped);
        Assert.Equal((Before.Pools[0], approved.Pools[1], 2), (half.Pools[0], half.Pools[1], half.Version));
        Assert.False(TermsInForce.IsComplete(half, approved));

        var other = Running with { Pools = Running.Pools.SetItem(0, Running.Pools[0] with { Status = PoolStatus.Dropped }) };
        Assert.True(TermsInForce.IsComplete(TermsInForce.After(half, approved, other), approved));
    }

    [Theory]
    [Trait("Rule", "R15")]
    [InlineData(1_500, true)]
    [InlineData(1_201, true)]
    [InlineData(1_200, false)]
    [InlineData(1_100, false)]
    [InlineData(null, true)]
    public void A_ceiling_moves_at_once_only_above_what_the_pool_holds(int? ceiling, bool atOnce)
    {
        var inForce = Of(Random() with { CeilingMicros = 2_000 * Unit });
        var approved = Of(Random() with { CeilingMicros = ceiling * Unit });
        var state = JackpotRules.Start(inForce).State;
        state = state with { Pools = [state.Pools[0] with { IncrementMicros = 200 * Unit }] };
        Assert.Equal(atOnce ? ceiling * Unit : 2_000 * Unit, TermsInForce.After(inForce, approved, state).Pools[0].CeilingMicros);
        Assert.Equal(ceiling * Unit, TermsInForce.After(inForce, approved, state with { Pools = [state.Pools[0] with { Status = PoolStatus.Dropped }] }).Pools[0].CeilingMicros);
    }

    [Theory]
    [Trait("Rule", "R17")]
    [InlineData(11, false)]
    [InlineData(12, true)]
    public void A_must_drops_ceiling_stays_at_or_above_its_advertised_maximum(int ceiling, bool atOnce)
    {
        var inForce = Of(MustDrop() with { CeilingMicros = 20 * Unit });
        var approved = Of(MustDrop() with { CeilingMicros = ceiling * Unit });
        Assert.Equal(atOnce, TermsInForce.After(inForce, approved, JackpotRules.Start(inForce).State).Pools[0].CeilingMicros == ceiling * Unit);
    }

    [Fact]
    public void A_name_changes_at_once_and_makes_a_new_version() =>
        Assert.Equal(Before with { Name = "Better", Version = 2 }, TermsInForce.After(Before, Before with { Name = "Better" }, Running));

    [Fact]
    public void Another_jackpot_cannot_take_its_place() =>
        Assert.Throws<ArgumentException>(() => TermsInForce.After(Before, Of(Random("a")), Running));
}
