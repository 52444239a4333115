using Jackpot.Core.Amounts;
using Jackpot.Core.Contributions;
using Jackpot.Core.Ids;
using Jackpot.Core.Ledger;
using Jackpot.Core.Pools;
using Jackpot.Core.Tests.Play;
using Jackpot.Core.Voids;
using static Jackpot.Core.Tests.Play.Terms;

namespace Jackpot.Core.Tests.Voids;

public sealed class VoidRulesTests
{
    static readonly PoolId Main = PoolId.Parse("main");

    // Never drops by itself: what a void does to balances stands alone.
    static PoolConfig Quiet(string id = "main") => Random(id) with { Trigger = new ExternalTrigger() };

    [Fact]
    public void A_void_takes_out_of_every_pool_what_the_bet_gave()
    {
        var live = new LiveJackpot(Of(Quiet(), Quiet("second")), SeededRandom.New());
        var before = live.State;
        live.Play(100 * Unit);
        var part = Assert.Single(live.Void((1, null, VoidRoad.Pools)));
        Assert.Equal(new VoidedPart(VoidAnswer.Voided, 100 * Unit, 100 * Unit, 2_500_000, 0), part);
        Assert.Equal(before.Pools, live.State.Pools);
        Assert.Equal((1, 3), (live.State.Sequence, live.State.Version));
        Assert.Equal(0, live.Ledger.Where(entry => entry.Account == Account.PlayerContributions).Sum(entry => entry.Micros));
    }

    [Fact]
    public void Partial_voids_take_their_share_and_together_exactly_the_bet()
    {
        var live = new LiveJackpot(Of(Quiet()), SeededRandom.New());
        var before = live.State.Pools;
        live.Play(1_000_003);
        Assert.Equal([VoidAnswer.Voided, VoidAnswer.Voided, VoidAnswer.Voided, VoidAnswer.NothingLeft],
            live.Void((1, 1, VoidRoad.Pools), (1, 500_000, VoidRoad.Pools), (1, null, VoidRoad.Pools), (1, null, VoidRoad.Pools)).Select(part => part.Answer));
        Assert.Equal(before, live.State.Pools);
    }

    [Fact]
    public void Voids_of_a_bet_never_exceed_it()
    {
        var live = new LiveJackpot(Of(Quiet()), SeededRandom.New());
        live.Play(10 * Unit, 0);
        Assert.Equal(VoidAnswer.MoreThanIsLeft, live.Void((1, 10 * Unit + 1, VoidRoad.Pools))[0].Answer);
        Assert.Equal(VoidAnswer.Voided, live.Void((1, 7 * Unit, VoidRoad.Pools))[0].Answer);
        Assert.Equal(VoidAnswer.MoreThanIsLeft, live.Void((1, 3 * Unit + 1, VoidRoad.Pools))[0].Answer);
        Assert.Equal(VoidAnswer.AmountNotPositive, live.Void((1, 0, VoidRoad.Pools))[0].Answer);
        Assert.Equal(VoidAnswer.AmountNotPositive, live.Void((1, -1, VoidRoad.Pools))[0].Answer);
        Assert.Equal(VoidAnswer.NothingLeft, live.Void((2, null, VoidRoad.Pools))[0].Answer);
        Assert.Equal(1, live.LastVoid);
    }

    [Fact]
    public void A_step_in_which_nothing_is_voided_changes_nothing()
    {
        var live = new LiveJackpot(Of(Quiet()), SeededRandom.New());
        live.Play(10 * Unit);
        var before = live.State;
        live.Void((1, 0, VoidRoad.Pools));
        Assert.Same(before, live.State);
    }

    [Fact]
    public void A_paused_jackpot_keeps_its_amounts()
    {
        var live = new LiveJackpot(Of(Quiet()), SeededRandom.New());
        live.Play(10 * Unit);
        var bet = new VoidableBet(1, 10 * Unit, 10 * Unit, live.Config, 0);
        var decision = VoidRules.Decide(live.Config, live.State with { Status = JackpotStatus.Paused }, [new VoidOrder(bet, null, VoidRoad.Pools)]);
        Assert.Equal((VoidAnswer.JackpotPaused, 0), (decision.Parts[0].Answer, decision.Ledger.Length));
    }

    [Fact]
    public void After_a_drop_the_settlement_carries_the_void_and_the_pool_is_untouched()
    {
        var live = new LiveJackpot(Of(Quiet(), Quiet("second")), SeededRandom.New());
        live.Play(100 * Unit);
        live.Call(Main);
        var before = live.State.Pools;
        var part = live.Void((1, null, VoidRoad.Pools))[0];
        Assert.Equal((1_250_000, 1_250_000), (part.FromPoolsMicros, part.CarriedMicros));
        Assert.Equal(before[0], live.State.Pools[0]);
        Assert.Equal(0, live.State.Pools[1].IncrementMicros);
        Assert.Equal(0, live.Ledger.Where(entry => entry.Account == Account.PlayerContributions).Sum(entry => entry.Micros));
    }

    [Fact]
    public void A_void_by_settlement_leaves_every_pool_alone()
    {
        var live = new LiveJackpot(Of(Quiet()), SeededRandom.New());
        live.Play(100 * Unit);
        var before = live.State.Pools;
        Assert.Equal((0, 1_250_000), live.Void((1, null, VoidRoad.Settlement))[0] is var part ? (part.FromPoolsMicros, part.CarriedMicros) : default);
        Assert.Equal(before, live.State.Pools);
        Assert.Equal(VoidAnswer.NothingLeft, live.Void((1, null, VoidRoad.Pools))[0].Answer);
    }

    [Fact]
    public void A_void_at_the_ceiling_leaves_what_would_be_there_without_the_bet()
    {
        var capped = Quiet() with { CeilingMicros = 1_001 * Unit };
        var (with, without) = (new LiveJackpot(Of(capped), SeededRandom.New()), new LiveJackpot(Of(capped), SeededRandom.New()));
        with.Play(70 * Unit, 50 * Unit, 30 * Unit);
        without.Play(70 * Unit, 30 * Unit);
        with.Void((2, null, VoidRoad.Pools));
        Assert.Equal(without.State.Pools, with.State.Pools);
        Assert.Equal((1_001 * Unit, 0), (with.State.Pools[0].AmountMicros, with.State.Pools[0].OverflowMicros));
        with.Void((3, null, VoidRoad.Pools));
        Assert.Equal(1_000_700_000, with.State.Pools[0].AmountMicros);
    }

    [Fact]
    public void Overflow_from_before_the_cycle_stays_when_the_pool_gives_a_bet_back()
    {
        var live = new LiveJackpot(Of(Quiet() with { CeilingMicros = 1_001 * Unit }), SeededRandom.New());
        live.Play(300_000 * Unit);
        live.Call(Main);
        var leftOver = live.State.Pools[0].OverflowMicros;
        Assert.InRange(leftOver, 1, long.MaxValue);
        live.Play(100 * Unit);
        live.Void((2, null, VoidRoad.Pools));
        Assert.Equal((1_000 * Unit, leftOver), (live.State.Pools[0].AmountMicros, live.State.Pools[0].OverflowMicros));
    }

    [Fact]
    public void What_the_increment_cannot_give_after_a_raised_ceiling_comes_from_the_overflow()
    {
        var low = Of(Quiet() with { CeilingMicros = 1_001 * Unit });
        var live = new LiveJackpot(low, SeededRandom.New());
        live.Play(300 * Unit);
        var raised = low with { Version = 2, Pools = [low.Pools[0] with { CeilingMicros = 2_000 * Unit }] };
        var decision = VoidRules.Decide(raised, live.State, [new VoidOrder(new VoidableBet(1, 300 * Unit, 300 * Unit, low, 0), null, VoidRoad.Pools)]);
        Assert.Equal((0, 0, 0), (decision.State.Pools[0].IncrementMicros, decision.State.Pools[0].OverflowMicros, decision.State.Pools[0].ReserveMicros));
    }

    [Fact]
    public void What_no_balance_can_give_the_house_pays_and_nothing_goes_below_zero()
    {
        var live = new LiveJackpot(Of(Quiet()), SeededRandom.New());
        live.Play(100 * Unit);
        live.Replace(live.State.Pools[0] with { IncrementMicros = 1, ReserveMicros = 2 });
        var decision = VoidRules.Decide(live.Config, live.State, [new VoidOrder(new VoidableBet(1, 100 * Unit, 100 * Unit, live.Config, 0), null, VoidRoad.Pools)]);
        Assert.Equal((3, 1_249_997), (decision.Parts[0].FromPoolsMicros, decision.Parts[0].CarriedMicros));
        Assert.Equal(live.Config.Pools[0].SeedMicros, decision.State.Pools[0].TotalMicros);
        Assert.Equal(0, decision.Ledger.Sum(entry => entry.Micros));
    }

    [Fact]
    public void What_the_house_paid_goes_back_to_the_house()
    {
        var live = new LiveJackpot(Of(Quiet()) with { Funding = FundingMode.Marketing }, SeededRandom.New());
        live.Play(100 * Unit, 100 * Unit);
        live.Void((1, null, VoidRoad.Pools), (2, null, VoidRoad.Settlement));
        Assert.DoesNotContain(live.Ledger, entry => entry.Account == Account.PlayerContributions);
        Assert.Equal(-(live.Config.Pools[0].SeedMicros + 1_250_000), live.Ledger.Where(entry => entry.Account == Account.House).Sum(entry => entry.Micros));
    }

    [Fact]
    public void The_stake_that_goes_with_a_part_of_a_bet_in_another_currency_is_in_proportion()
    {
        var live = new LiveJackpot(Of(Quiet()), SeededRandom.New());
        live.Play(300);
        var bet = new VoidableBet(1, 300, 7, live.Config, 0);
        var parts = VoidRules.Decide(live.Config, live.State, [new(bet, 2, VoidRoad.Pools), new(bet, 4, VoidRoad.Pools), new(bet, null, VoidRoad.Pools)]).Parts;
        Assert.Equal([85, 172, 43], parts.Select(part => part.StakeMicros));
    }

    [Fact]
    public void A_void_of_the_largest_stake_fits()
    {
        var live = new LiveJackpot(Of(Quiet()), SeededRandom.New());
        var before = live.State.Pools;
        live.Play(JackpotRules.StakeMicrosMax);
        live.Void((1, JackpotRules.StakeMicrosMax / 3, VoidRoad.Pools), (1, null, VoidRoad.Pools));
        Assert.Equal(before, live.State.Pools);
    }

    [Fact]
    public void Tickets_and_draws_stay_made()
    {
        var live = new LiveJackpot(Of(Raffle()), SeededRandom.New());
        live.Play(50 * Unit);
        live.Void((1, null, VoidRoad.Pools));
        Assert.Equal(10, live.State.Pools[0].TicketsSold);
    }

    [Fact]
    public void A_bet_that_is_not_of_this_jackpot_is_a_bug_of_the_caller()
    {
        var live = new LiveJackpot(Of(Quiet()), SeededRandom.New());
        live.Play(1 * Unit);
        Assert.Throws<ArgumentException>(() => Take(new VoidableBet(2, 1, 1, live.Config, 0)));
        Assert.Throws<ArgumentException>(() => Take(new VoidableBet(1, 1, 1, Of(Quiet("other")), 0)));
        Assert.Throws<ArgumentException>(() => Take(new VoidableBet(1, 1, 1, live.Config, 2)));

        void Take(VoidableBet bet) => VoidRules.Decide(live.Config, live.State, [new VoidOrder(bet, null, VoidRoad.Pools)]);
    }
}
