using Jackpot.Core.Contributions;
using Jackpot.Core.Pools;
using Jackpot.Core.Tests.Play;
using Jackpot.Core.Verification;
using static Jackpot.Core.Tests.Play.Terms;
using static Jackpot.Core.Tests.Schedules.ScheduleTests;

namespace Jackpot.Core.Tests.Contributions;

[Trait("Rule", "R47")]
public sealed class TimedDropTests
{
    const long MinuteMs = 60_000;

    static readonly long Start = Ms("2026-11-20T12:00Z");
    static readonly long Deadline = Ms("2026-11-20T19:00Z");

    [Fact]
    public void A_busy_pool_falls_once_per_window_and_always_before_its_deadline()
    {
        var live = New(WhenNobodyPlays.RollsOver);
        PlayUntil(live, Deadline + 29 * 24 * 60 * MinuteMs);
        Assert.Equal(30, live.Drops.Count);
        foreach (var (drop, day) in live.Drops.Select((drop, day) => (drop, day)))
        {
            var evidence = Assert.IsType<HiddenInstantReached>(drop.Evidence);
            Assert.Equal(Deadline + day * 24 * 60 * MinuteMs, evidence.Window.DeadlineUnixMs);
            Assert.True(evidence.Window.Contains(evidence.InstantUnixMs));
            Assert.InRange(DecidedAt(live, drop), evidence.InstantUnixMs, evidence.InstantUnixMs + MinuteMs);
        }
    }

    [Fact]
    public void The_first_contribution_at_the_hidden_instant_wins_and_none_before()
    {
        var instant = ((HiddenInstantReached)FirstDrop().Evidence).InstantUnixMs;
        Assert.Empty(PlayedAt(instant - 1).Drops);
        Assert.Equal(1, Assert.Single(PlayedAt(instant).Drops).Sequence);
    }

    [Fact]
    public void A_bet_of_nothing_does_not_win_the_clock()
    {
        var live = New(WhenNobodyPlays.RollsOver);
        live.NowUnixMs = Deadline - 1;
        live.Play(0, 0);
        Assert.Empty(live.Drops);
    }

    [Fact]
    public void When_nobody_plays_the_amount_can_roll_over_to_a_new_hidden_instant()
    {
        var live = New(WhenNobodyPlays.RollsOver);
        live.NowUnixMs = Deadline;
        live.Play(1 * Unit);
        Assert.Empty(live.Drops);
        PlayUntil(live, Deadline + 24 * 60 * MinuteMs);
        Assert.Equal(Deadline, ((HiddenInstantReached)Assert.Single(live.Drops).Evidence).Window.StartUnixMs);
    }

    [Fact]
    public void When_nobody_plays_the_next_contribution_can_win()
    {
        var live = New(WhenNobodyPlays.NextContributionWins);
        live.NowUnixMs = Deadline + 5 * 24 * 60 * MinuteMs;
        live.Play(1 * Unit, 1 * Unit);
        Assert.Equal(1, Assert.Single(live.Drops).Sequence);
    }

    [Fact]
    public void A_timed_jackpot_must_be_told_the_time()
    {
        var live = New(WhenNobodyPlays.RollsOver);
        live.NowUnixMs = 0;
        Assert.Throws<ArgumentException>(() => live.Play(1 * Unit));
    }

    [Fact]
    public void A_timed_cycle_is_verified_and_its_instant_cannot_be_moved()
    {
        var live = New(WhenNobodyPlays.RollsOver);
        PlayUntil(live, Start + 3 * 24 * 60 * MinuteMs);
        Assert.All(live.Drops, drop => Assert.Empty(CycleVerifier.Verify(live.Export(drop))));
        Assert.Empty(live.Life().Again().Replay.Findings);

        var export = live.Export(live.Drops[1]);
        var moved = export.WithBatch(export.Batches.Length - 1, batch => batch with { DecidedAtUnixMs = batch.DecidedAtUnixMs + 1 });
        Assert.Contains(CycleVerifier.Verify(moved), finding => finding.Kind == FindingKind.HeadMismatch);
    }

    static LiveJackpot New(WhenNobodyPlays policy) => new(Of(Timed(policy)), new Random(11), Start);

    static Drop FirstDrop()
    {
        var live = New(WhenNobodyPlays.RollsOver);
        PlayUntil(live, Deadline);
        return Assert.Single(live.Drops);
    }

    static LiveJackpot PlayedAt(long unixMs)
    {
        var live = New(WhenNobodyPlays.RollsOver);
        live.NowUnixMs = unixMs;
        live.Play(1 * Unit);
        return live;
    }

    static void PlayUntil(LiveJackpot live, long endUnixMs)
    {
        for (; live.NowUnixMs < endUnixMs; live.NowUnixMs += MinuteMs)
        {
            live.Play(1 * Unit);
        }
    }

    static long DecidedAt(LiveJackpot live, Drop drop) => live.Batches.Single(batch => batch.Rows[^1].Sequence == drop.Sequence).DecidedAtUnixMs;
}
