using Jackpot.Contracts.Jackpots;
using Jackpot.Core.Draws;
using Jackpot.Core.Pools;
using Jackpot.Core.Schedules;
using Jackpot.Ledger.Contributions;
using Jackpot.Ledger.Jackpots;
using Jackpot.Ledger.Storage;
using Jackpot.Shard.Tests.ExternalTriggers;
using Jackpot.TestKit;
using Microsoft.Extensions.Time.Testing;

namespace Jackpot.Shard.Tests.Jackpots;

/// <summary>Must-drop by time on the real tables: the first contribution at or after the hidden instant wins, whoever holds the pen and whatever the clock does.</summary>
public sealed class TimedPoolTests(PostgresFixture postgres) : IClassFixture<PostgresFixture>
{
    static readonly ScheduleDefinition Hourly = new HourlyDefinition("Europe/Malta", 0);
    static readonly DateTimeOffset Noon = new(2026, 1, 1, 12, 10, 0, TimeSpan.Zero);

    int _bets;

    static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_first_contribution_at_the_hidden_instant_wins_and_none_before_it()
    {
        await using var play = await PlayAsync(Hourly, WhenNobodyPlays.RollsOver, Noon);
        var instant = await play.InstantAsync();

        Assert.Null(await BetAsync(play, instant - 1));
        Assert.NotNull(await BetAsync(play, instant));
        await play.AssertSoundAsync();
    }

    [Fact]
    public async Task There_is_one_drop_in_a_window_and_the_next_in_the_next()
    {
        await using var play = await PlayAsync(Hourly, WhenNobodyPlays.RollsOver, Noon);
        Assert.NotNull(await BetAsync(play, await play.InstantAsync()));
        var window = play.Window(play.NowMs);

        Assert.Null(await BetAsync(play, window.DeadlineUnixMs - 1));
        var instant = await play.InstantAsync();
        Assert.Equal(window.DeadlineUnixMs, play.Window(instant).StartUnixMs);
        Assert.Null(await BetAsync(play, instant - 1));
        Assert.NotNull(await BetAsync(play, instant));
        await play.AssertSoundAsync();
    }

    [Fact]
    public async Task A_writer_without_a_memory_decides_as_one_that_has_been_there_all_the_time()
    {
        await using var play = await PlayAsync(Hourly, WhenNobodyPlays.RollsOver, Noon);
        for (var window = 0; window < 4; window++)
        {
            var instant = await play.InstantAsync();
            Assert.Null(await BetAsync(play, instant - 1));
            play.Restart();
            Assert.NotNull(await BetAsync(play, instant));
            play.Restart();
        }

        await play.AssertSoundAsync();
    }

    [Fact]
    public async Task When_nobody_plays_until_the_deadline_the_next_contribution_wins_where_that_is_the_rule()
    {
        await using var play = await PlayAsync(Hourly, WhenNobodyPlays.NextContributionWins, Noon);
        var deadline = play.Window(play.NowMs).DeadlineUnixMs;

        Assert.NotNull(await BetAsync(play, deadline + 5 * 3_600_000));

        // It has dropped in this window, so it waits for the next one.
        var window = play.Window(play.NowMs);
        Assert.Null(await BetAsync(play, window.DeadlineUnixMs - 1));
        Assert.Equal(window.DeadlineUnixMs, play.Window(await play.InstantAsync()).StartUnixMs);
        await play.AssertSoundAsync();
    }

    [Fact]
    public async Task When_nobody_plays_until_the_deadline_the_amount_rolls_over_to_a_new_instant_where_that_is_the_rule()
    {
        await using var play = await PlayAsync(Hourly, WhenNobodyPlays.RollsOver, Noon);
        var later = play.Window(play.Window(play.NowMs).DeadlineUnixMs + 2 * 3_600_000);
        await play.JumpAsync(later.StartUnixMs);
        var instant = await play.InstantAsync();

        Assert.True(later.Contains(instant));
        Assert.Null(await BetAsync(play, instant - 1));
        Assert.NotNull(await BetAsync(play, instant));
        await play.AssertSoundAsync();
    }

    [Theory]
    [InlineData("2026-03-27T12:00:00Z", "1410 1410 1440")] // In the night of the 29th, 02:30 does not exist in Malta; the jump at 02:00 is the deadline.
    [InlineData("2026-10-23T12:00:00Z", "1440 1500 1440")] // In the night of the 25th, it comes twice; the first is the deadline.
    public async Task A_daily_drop_comes_once_a_day_over_a_change_of_the_clock(string start, string minutes)
    {
        var from = DateTimeOffset.Parse(start, System.Globalization.CultureInfo.InvariantCulture);
        await using var play = await PlayAsync(new DailyDefinition("Europe/Malta", new TimeOnly(2, 30)), WhenNobodyPlays.RollsOver, from);
        var deadlines = new List<long>();
        for (var day = 0; day < 4; day++)
        {
            var instant = await play.InstantAsync();
            Assert.Null(await BetAsync(play, instant - 1));
            Assert.NotNull(await BetAsync(play, instant));
            deadlines.Add(play.Window(instant).DeadlineUnixMs);
        }

        Assert.Equal(minutes, string.Join(' ', deadlines.Zip(deadlines.Skip(1), (one, next) => (next - one) / 60_000)));
        await play.AssertSoundAsync();
    }

    [Theory]
    [InlineData("2026-03-29T00:10:00Z")]
    [InlineData("2026-10-25T00:10:00Z")]
    public async Task An_hourly_drop_comes_every_hour_over_a_change_of_the_clock(string start)
    {
        var from = DateTimeOffset.Parse(start, System.Globalization.CultureInfo.InvariantCulture);
        await using var play = await PlayAsync(new HourlyDefinition("Europe/Malta", 15), WhenNobodyPlays.NextContributionWins, from);
        var deadlines = new List<long>();
        for (var hour = 0; hour < 5; hour++)
        {
            var instant = await play.InstantAsync();
            Assert.Null(await BetAsync(play, instant - 1));
            Assert.NotNull(await BetAsync(play, instant));
            deadlines.Add(play.Window(instant).DeadlineUnixMs);
        }

        Assert.All(deadlines.Zip(deadlines.Skip(1)), pair => Assert.Equal(3_600_000, pair.Second - pair.First));
        await play.AssertSoundAsync();
    }

    /// <summary>The award of a bet at this instant, or null.</summary>
    async Task<WonAward?> BetAsync(Play play, long unixMs)
    {
        await play.JumpAsync(unixMs);
        var answer = Assert.Single(await play.Writer.RecordAsync([play.Ledger.Item(play.Jackpot, $"k{_bets++}")], Ct));
        Assert.Equal(RecordedKind.Accepted, answer.Kind);
        return answer.Awards.Select(award => (WonAward?)award).SingleOrDefault();
    }

    async Task<Play> PlayAsync(ScheduleDefinition schedule, WhenNobodyPlays whenNobodyPlays, DateTimeOffset start)
    {
        var clock = new FakeTimeProvider(start);
        var ledger = await TestLedger.CreateAsync(postgres, clock);
        var jackpot = await ledger.CreateJackpotAsync(TriggerKit.WithTrigger(TestLedger.Quiet("timed"), new MustDropByTimeDefinition(schedule, whenNobodyPlays)));
        return new Play(ledger, clock, jackpot);
    }

    sealed class Play(TestLedger ledger, FakeTimeProvider clock, JackpotEntry jackpot) : IAsyncDisposable
    {
        public TestLedger Ledger => ledger;

        public JackpotEntry Jackpot => jackpot;

        public TestLedger.Writer Writer { get; private set; } = ledger.NewWriter();

        MustDropByTime Trigger => (MustDropByTime)jackpot.Config.Pools[0].Trigger;

        public void Restart() => Writer = ledger.NewWriter();

        public Window Window(long unixMs) => Trigger.Schedule.WindowAt(unixMs);

        public long NowMs => clock.GetUtcNow().ToUnixTimeMilliseconds();

        public async Task JumpAsync(long unixMs)
        {
            clock.AdjustTime(DateTimeOffset.FromUnixTimeMilliseconds(unixMs));
            await PartitionKeeper.KeepAsync(ledger.Database, clock, Ct);
        }

        /// <summary>The instant that counts now, worked out beside the rules from what the cycle's row and its secret say.</summary>
        public async Task<long> InstantAsync()
        {
            await using var connection = await ledger.Database.OpenConnectionAsync(Ct);
            var loaded = Assert.Single(await new JackpotReader(ledger.Vault).ReadAsync(connection, [jackpot.Number], Ct));
            var (pool, now) = (loaded.State.Pools[0], NowMs);
            var opened = Window(pool.OpenedAtUnixMs);
            var first = pool.Cycle == 1 ? opened with { StartUnixMs = pool.OpenedAtUnixMs } : Window(opened.DeadlineUnixMs);
            var counts = Trigger.WhenNobodyPlays == WhenNobodyPlays.RollsOver && now >= first.DeadlineUnixMs ? Window(now) : first;
            return HiddenInstant.For(loaded.Secrets[0], pool.Id, pool.Cycle, counts);
        }

        public async Task AssertSoundAsync()
        {
            await using var endpoints = await TestEndpoints.OpenAsync(ledger);
            await endpoints.AssertSoundAsync(ledger, "timed");
        }

        public ValueTask DisposeAsync() => ledger.DisposeAsync();
    }
}
