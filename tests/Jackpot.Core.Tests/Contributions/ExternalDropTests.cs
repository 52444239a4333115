using Jackpot.Core.Contributions;
using Jackpot.Core.Draws;
using Jackpot.Core.Ids;
using Jackpot.Core.Pools;
using Jackpot.Core.Tests.Play;
using Jackpot.Core.Verification;
using static Jackpot.Core.Tests.Play.Terms;

namespace Jackpot.Core.Tests.Contributions;

public sealed class ExternalDropTests
{
    static readonly PoolId Main = PoolId.Parse("main");

    [Fact]
    public void An_external_pool_falls_when_the_game_says_so_and_never_by_a_stake()
    {
        var live = new LiveJackpot(Of(External()), SeededRandom.New());
        live.Play(Enumerable.Repeat(1_000 * Unit, 500).ToArray());
        Assert.Empty(live.Drops);
        Assert.Equal(ExternalDropAnswer.Dropped, live.DropExternally(Main));
        var drop = Assert.Single(live.Drops);
        Assert.Equal((new TriggeredByGame(), 500, 6_000 * Unit), (drop.Evidence, drop.Sequence, drop.AwardMicros));
        Assert.Equal((2, PoolStatus.Open, 1_000 * Unit), (live.State.Pools[0].Cycle, live.State.Pools[0].Status, live.State.Pools[0].AmountMicros));
        Assert.Empty(CycleVerifier.Verify(live.Export(drop)));
    }

    [Fact]
    public void A_pool_that_is_called_before_any_contribution_pays_its_seed_and_can_be_verified()
    {
        var live = new LiveJackpot(Of(External()), SeededRandom.New());
        Assert.Equal(ExternalDropAnswer.Dropped, live.DropExternally(Main));
        Assert.Equal(ExternalDropAnswer.Dropped, live.DropExternally(Main));
        var export = live.Export(live.Drops[1]);
        Assert.Equal((1_000 * Unit, 0), (export.Award.AmountMicros, export.Batches.Length));
        Assert.Empty(CycleVerifier.Verify(export));
        Assert.Contains(CycleVerifier.Verify(export with { Award = export.Award with { AmountMicros = 1 * Unit } }), finding => finding.Kind == FindingKind.AwardAmountMismatch);
    }

    [Fact]
    public void A_call_that_was_moved_along_the_chain_is_found()
    {
        var live = new LiveJackpot(Of(Raffle(winners: 1)), SeededRandom.New());
        live.Play(500 * Unit);
        live.DropExternally(Main);
        var export = live.Export(live.Drops[0]);
        Assert.Contains(CycleVerifier.Verify(export with { ExternalDrop = export.ExternalDrop! with { Head = default } }), finding => finding.Kind == FindingKind.ChainBroken);
        Assert.Contains(CycleVerifier.Verify(export with { ExternalDrop = export.ExternalDrop! with { AfterSequence = 0 } }), finding => finding.Kind == FindingKind.SequenceGap);
        Assert.Contains(CycleVerifier.Verify(export with { ExternalDrop = null }), finding => finding.Kind == FindingKind.NoDrop);
        Assert.Contains(CycleVerifier.Verify(export with { ExternalDrop = export.ExternalDrop! with { ConfigVersion = 9 } }), finding => finding.Kind == FindingKind.ConfigMissing);
    }

    [Fact]
    public void A_called_drop_is_refused_with_the_first_reason_that_holds()
    {
        var config = Of(External(), Raffle(id: "raffle"), Random("random"), External("poor") with { SeedMicros = 0 });
        var state = JackpotRules.Start(config).State;
        Assert.Equal(ExternalDropAnswer.JackpotNotActive, Drop(config, state with { Status = JackpotStatus.Paused }, "unknown"));
        Assert.Equal(ExternalDropAnswer.PoolUnknown, Drop(config, state, "unknown"));
        Assert.Equal(ExternalDropAnswer.PoolNotOpen, Drop(config, state with { Pools = state.Pools.SetItem(2, state.Pools[2] with { Status = PoolStatus.Dropped }) }, "random"));
        Assert.Equal(ExternalDropAnswer.PoolDropsOtherwise, Drop(config, state, "random"));
        Assert.Equal(ExternalDropAnswer.NoTicketsSold, Drop(config, state, "raffle"));
        Assert.Equal(ExternalDropAnswer.NothingToPay, Drop(config, state, "poor"));
        Assert.Equal(ExternalDropAnswer.Dropped, Drop(config, state, "main"));
    }

    [Fact]
    public void Every_full_ticket_price_in_a_stake_is_a_ticket()
    {
        var live = new LiveJackpot(Of(Raffle()), SeededRandom.New());
        live.Play(5 * Unit - 1, 5 * Unit, 14 * Unit);
        Assert.Equal(3, live.State.Pools[0].TicketsSold);
    }

    [Fact]
    public void A_raffle_draws_different_tickets_and_starts_the_next_with_none_sold()
    {
        var live = new LiveJackpot(Of(Raffle(winners: 20)), SeededRandom.New());
        live.Play(500 * Unit);
        Assert.Equal(ExternalDropAnswer.Dropped, live.DropExternally(Main));
        var drawn = Assert.IsType<TicketsDrawn>(Assert.Single(live.Drops).Evidence);
        Assert.Equal((100, 20, 0), (drawn.TicketsSold, drawn.WinningTickets.Distinct().Count(), live.State.Pools[0].TicketsSold));
        Assert.All(drawn.WinningTickets, ticket => Assert.InRange(ticket, 1, 100));
        Assert.Empty(CycleVerifier.Verify(live.Export(live.Drops[0])));
    }

    [Fact]
    public void A_raffle_that_named_another_winner_is_found()
    {
        var live = new LiveJackpot(Of(Raffle(winners: 1)), SeededRandom.New());
        live.Play(500 * Unit);
        live.DropExternally(Main);
        var export = live.Export(live.Drops[0]);
        var other = export.Award.WinningTickets[0] % 100 + 1;
        Assert.Contains(CycleVerifier.Verify(export with { Award = export.Award with { WinningTickets = [other] } }), finding => finding.Kind == FindingKind.TicketsMismatch);
    }

    [Fact]
    public void With_fewer_tickets_than_winners_every_ticket_wins() =>
        Assert.Equal([1, 2, 3], RaffleDraw.Winners(default, Main, 1, default, 3, 10).Order());

    [Fact]
    public void No_ticket_is_ever_drawn_twice()
    {
        var random = SeededRandom.New();
        for (var i = 0; i < 200; i++)
        {
            var drawn = RaffleDraw.Winners(new CycleSecret(random.Bytes(32)), Main, 1, default, 30, 30);
            Assert.Equal(Enumerable.Range(1, 30).Select(ticket => (long)ticket), drawn.Order());
        }
    }

    [Fact]
    public void Each_ticket_is_as_likely_as_any_other()
    {
        var random = SeededRandom.New(4);
        var hits = new int[10];
        for (var i = 0; i < 10_000; i++)
        {
            foreach (var ticket in RaffleDraw.Winners(new CycleSecret(random.Bytes(32)), Main, 1, default, 10, 3))
            {
                hits[ticket - 1]++;
            }
        }

        Assert.All(hits, hit => Assert.InRange(hit, 2_800, 3_200));
    }

    [Fact]
    public void A_fixed_pool_always_shows_its_prize_and_fills_its_reserve()
    {
        var config = Of(Random() with { Kind = PoolKind.Fixed, ContributionRate = default, Trigger = new RandomTrigger(50 * Unit) });
        var live = new LiveJackpot(config, SeededRandom.New());
        live.OnDecision = (decision, _) => Assert.All(decision.Drops, drop => Assert.Equal((1_000 * Unit, 0), (drop.AwardMicros, drop.RemainderMicros)));
        live.Play(Enumerable.Repeat(1 * Unit, 1_000).ToArray());
        Assert.NotEmpty(live.Drops);
        Assert.Equal(1_000 * Unit, live.State.Pools[0].AmountMicros);
    }

    static ExternalDropAnswer Drop(JackpotConfig config, JackpotState state, string pool) =>
        ExternalDropRules.Drop(config, state, PoolId.Parse(pool), default).Answer;
}
