using Jackpot.Core.Ids;
using Jackpot.Core.Pools;
using Jackpot.Core.Tests.Play;
using Jackpot.Core.Verification;

namespace Jackpot.Core.Tests.Verification;

public sealed class ReplayTests
{
    [Fact]
    [Trait("Rule", "R43")]
    public void The_same_rows_give_the_same_awards_amounts_and_hashes()
    {
        var random = SeededRandom.New();
        for (var i = 0; i < 50; i++)
        {
            var live = Played(random);
            var (replay, drops, ledger) = live.Life().Again();
            Assert.Empty(replay.Findings);
            Assert.Equal(live.State, replay.State);
            Assert.Equal(live.Drops, drops);
            Assert.Equal(live.Ledger.Skip(live.Ledger.Count - ledger.Length), ledger);
        }
    }

    [Fact]
    public void How_batches_are_cut_changes_no_amount_before_the_first_drop()
    {
        var random = SeededRandom.New();
        var config = Terms.Of(Terms.Random());
        var stakes = Enumerable.Range(0, 200).Select(_ => random.NextInt64(Terms.Unit)).ToArray();
        var (whole, parts) = (new LiveJackpot(config, random), new LiveJackpot(config, random));
        whole.Play(stakes);
        foreach (var part in stakes.Chunk(7))
        {
            parts.Play(part);
        }

        Assert.Equal(whole.State.Pools[0].IncrementMicros, parts.State.Pools[0].IncrementMicros);
    }

    [Fact]
    public void Calls_fundings_and_changes_between_batches_are_replayed_where_they_happened()
    {
        var random = SeededRandom.New();
        var config = Terms.Of(Terms.External(), Terms.Raffle() with { Id = PoolId.Parse("tickets") }, Terms.Random() with { Id = PoolId.Parse("random") });
        var live = new LiveJackpot(config, random);
        live.DropExternally(config.Pools[0].Id);
        for (var i = 0; i < 60; i++)
        {
            live.Play([.. Enumerable.Range(0, random.Next(1, 20)).Select(_ => random.NextInt64(1, 100 * Terms.Unit))]);
            live.Fund(random.Next(3), random.NextInt64(1, Terms.Unit));
            live.Approved = live.Config with { Version = live.Config.Version + 1, Pools = [live.Config.Pools[0] with { SeedMicros = (i + 2) * Terms.Unit }, .. live.Config.Pools[1..]] };
            live.DropExternally(config.Pools[random.Next(2)].Id);
        }

        var (replay, drops, _) = live.Life().Again();
        Assert.Empty(replay.Findings);
        Assert.Equal(live.State.Pools, replay.State.Pools);
        Assert.Equal(live.Drops, drops);
        Assert.InRange(drops.Length, 40, int.MaxValue);
    }

    [Fact]
    public void What_each_tier_showed_after_every_contribution_is_computed_again()
    {
        var live = new LiveJackpot(Terms.Of(Terms.Random()), SeededRandom.New());
        live.Play(5 * Terms.Unit, 7 * Terms.Unit, 1);
        var step = Assert.Single(live.Life().Steps);
        Assert.Equal(live.Last.Amounts, step.Replay(new JackpotReplay(live.Opening)).AmountsMicros);
    }

    [Fact]
    public void A_call_that_the_rules_refuse_is_found()
    {
        var live = new LiveJackpot(Terms.Of(Terms.Random()), SeededRandom.New());
        var replay = new JackpotReplay(live.Opening);
        replay.DropExternally(live.Config.Pools[0].Id, new StepTerms(live.Config, live.Config), default, 0);
        Assert.Equal(FindingKind.NoDrop, Assert.Single(replay.Findings).Kind);
    }

    [Fact]
    public void A_row_that_was_changed_later_is_found()
    {
        var life = Played(SeededRandom.New()).Life();
        var changed = life.WithBatch(life.Steps.Length - 1, batch => batch.WithRow(0, row => row with { StakeMicros = row.StakeMicros + 1 }));
        Assert.Contains(changed.Again().Replay.Findings, finding => finding.Kind == FindingKind.RootMismatch);
    }

    [Fact]
    public void A_batch_that_is_missing_is_found()
    {
        var life = Played(SeededRandom.New()).Life();
        var findings = (life with { Steps = life.Steps.RemoveAt(1) }).Again().Replay.Findings;
        Assert.Contains(findings, finding => finding.Kind == FindingKind.SequenceGap);
        Assert.Contains(findings, finding => finding.Kind == FindingKind.ChainBroken);
    }

    [Fact]
    public void A_batch_that_goes_on_after_a_drop_is_found()
    {
        var live = new LiveJackpot(Terms.Of(Terms.Random() with { Trigger = new RandomTrigger(1) }), SeededRandom.New());
        live.Play(0, 0);
        var joined = live.Life().WithBatch(0, batch => Forgery.Rehashed(live.Config.Id, batch.WithRow(0, row => row with { StakeMicros = 100, ContributionMicros = 1 })));
        Assert.Contains(joined.Again().Replay.Findings, finding => finding.Kind == FindingKind.BatchCutShort);
    }

    static LiveJackpot Played(Random random)
    {
        var live = new LiveJackpot(Terms.Any(random), random);
        for (var i = 0; i < 20; i++)
        {
            live.Play([.. Enumerable.Range(0, random.Next(1, 50)).Select(_ => random.NextInt64(1, 1_000 * Terms.Unit))]);
        }

        return live;
    }
}
