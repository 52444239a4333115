using Jackpot.Core.Draws;
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
            var replayed = JackpotReplay.Run(live.History());
            Assert.Empty(replayed.Findings);
            Assert.Equal(live.State, replayed.State);
            Assert.Equal(live.Drops, replayed.Drops);
            Assert.Equal(live.Ledger.Skip(live.Ledger.Count - replayed.Ledger.Length), replayed.Ledger);
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
    public void A_row_that_was_changed_later_is_found()
    {
        var random = SeededRandom.New();
        var history = Played(random).History();
        var last = history.Batches[^1];
        var changed = history with { Batches = history.Batches.SetItem(history.Batches.Length - 1, last.WithRow(0, row => row with { StakeMicros = row.StakeMicros + 1 })) };
        Assert.Contains(JackpotReplay.Run(changed).Findings, finding => finding.Kind == FindingKind.RootMismatch);
    }

    [Fact]
    public void A_batch_that_is_missing_is_found()
    {
        var history = Played(SeededRandom.New()).History();
        var findings = JackpotReplay.Run(history with { Batches = history.Batches.RemoveAt(1) }).Findings;
        Assert.Contains(findings, finding => finding.Kind == FindingKind.SequenceGap);
        Assert.Contains(findings, finding => finding.Kind == FindingKind.ChainBroken);
    }

    [Fact]
    public void A_batch_that_goes_on_after_a_drop_is_found()
    {
        var live = new LiveJackpot(Terms.Of(Terms.Random() with { Trigger = new RandomTrigger(1) }), SeededRandom.New());
        live.Play(0, 0);
        var history = live.History();
        var joined = Forgery.Rehashed(live.Config.Id, history.Batches[0].WithRow(0, row => row with { StakeMicros = 100, ContributionMicros = 1 }));
        Assert.Contains(JackpotReplay.Run(history with { Batches = [joined] }).Findings, finding => finding.Kind == FindingKind.BatchCutShort);
    }

    [Fact]
    public void A_secret_that_is_missing_is_told()
    {
        var history = Played(SeededRandom.New()).History();
        var findings = JackpotReplay.Run(history with { Secrets = new Dictionary<(PoolId, long), CycleSecret>() }).Findings;
        Assert.Equal(FindingKind.SecretMissing, Assert.Single(findings).Kind);
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
