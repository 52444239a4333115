using Jackpot.Ledger.Contributions;
using Jackpot.Ledger.Dedupe;
using Jackpot.Ledger.Settings;
using Jackpot.TestKit;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;
using Npgsql;

namespace Jackpot.Shard.Tests.Storage.Dedupe;

public sealed class DedupeWindowTests(PostgresFixture postgres) : IClassFixture<PostgresFixture>
{
    static CancellationToken Ct => TestContext.Current.CancellationToken;

    /// <summary>Who looks: a replica that has the closed window's filter, one that has not got it yet, one that has heard nothing since.</summary>
    public enum Replica
    {
        WithFilter,
        WithoutFilter,
        NotHeardOfIt,
    }

    [Theory]
    [InlineData(Replica.WithFilter)]
    [InlineData(Replica.WithoutFilter)]
    [InlineData(Replica.NotHeardOfIt)]
    public async Task A_key_of_a_closed_window_is_found_whatever_body_and_jackpot_it_comes_with(Replica replica)
    {
        await using var ledger = await TestLedger.CreateAsync(postgres);
        var (one, two) = (await ledger.CreateJackpotAsync(TestLedger.Quiet("one")), await ledger.CreateJackpotAsync(TestLedger.Quiet("two")));
        var item = ledger.Item(one, "k");
        var first = (await ledger.NewWriter().RecordAsync([item], Ct))[0];
        var windows = ledger.NewReplica();
        await windows.RefreshAsync(Ct);
        await CloseAsync(ledger, replica, windows);
        await ledger.NewWriter().RecordAsync([ledger.Item(one, "later")], Ct);
        var other = ledger.Item(one, "k", stakeMicros: 2_000_000);
        other.OccurredAtTicks += TimeSpan.FromDays(7).Ticks;

        var writer = ledger.NewWriter(windows);
        var again = (await writer.RecordAsync([item], Ct))[0];
        var otherBody = (await ledger.NewWriter(windows).RecordAsync([other], Ct))[0];
        var otherJackpot = (await ledger.NewWriter(windows).RecordAsync([ledger.Item(two, "k")], Ct))[0];

        Assert.Equal((RecordedKind.Duplicate, first.Sequence), (again.Kind, again.Sequence));
        Assert.Equal(first.Pools, again.Pools);
        Assert.Equal([RecordedKind.KeyReused, RecordedKind.KeyReused], [otherBody.Kind, otherJackpot.Kind]);
        Assert.Equal(2L, await ledger.ScalarAsync<long>("SELECT count(*) FROM contribution"));
        await ledger.AssertBalancedAsync();
    }

    [Fact]
    public async Task A_replica_that_missed_the_closing_still_answers_a_paused_jackpots_duplicates()
    {
        await using var ledger = await TestLedger.CreateAsync(postgres);
        var jackpot = await ledger.CreateJackpotAsync(TestLedger.Quiet("quiet"));
        var windows = ledger.NewReplica();
        await windows.RefreshAsync(Ct);
        await CloseAsync(ledger, Replica.NotHeardOfIt, windows);
        await ledger.NewWriter().RecordAsync([ledger.Item(jackpot, "after")], Ct);
        await ledger.ExecuteAsync("UPDATE jackpot_state SET status = 'paused', version = version + 1");

        var again = await ledger.NewWriter(windows).RecordAsync([ledger.Item(jackpot, "after"), ledger.Item(jackpot, "new")], Ct);

        Assert.Equal([RecordedKind.Duplicate, RecordedKind.Paused], again.Select(answer => answer.Kind));
    }

    [Fact]
    public async Task Replicas_that_send_the_same_keys_to_different_jackpots_while_windows_close_store_each_key_once()
    {
        const int Batches = 30;
        const int Size = 20;
        const int AgainMax = 20;
        await using var ledger = await TestLedger.CreateAsync(postgres);
        var jackpots = new[] { await ledger.CreateJackpotAsync(TestLedger.Quiet("one")), await ledger.CreateJackpotAsync(TestLedger.Quiet("two")) };
        using var playing = CancellationTokenSource.CreateLinkedTokenSource(Ct);
        var keeping = Task.Run(async () =>
        {
            while (!playing.IsCancellationRequested)
            {
                await CloseAsync(ledger, Replica.WithFilter, ledger.Windows);
            }
        }, Ct);

        await Task.WhenAll(jackpots.Select((jackpot, replica) => Task.Run(async () =>
        {
            var writer = ledger.NewWriter(ledger.NewReplica());
            for (var b = 0; b < Batches; b++)
            {
                // Opposite order of batches, so that each replica is now the first and now the second with a key, windows apart.
                var batch = replica == 0 ? b : Batches - 1 - b;
                var open = Enumerable.Range(0, Size).Select(i => ledger.Item(jackpot, $"k{batch}-{i}")).ToArray();
                for (var again = 0; open.Length > 0; again++)
                {
                    Assert.InRange(again, 0, AgainMax);
                    var answers = await writer.RecordAsync(open, Ct);
                    Assert.All(answers, answer => Assert.True(answer.Kind is RecordedKind.Accepted or RecordedKind.KeyReused or RecordedKind.Unavailable));
                    open = [.. open.Where((_, i) => answers[i].Kind == RecordedKind.Unavailable)];
                }
            }
        }, Ct)));
        await playing.CancelAsync();
        await keeping;

        Assert.InRange(await ledger.ScalarAsync<int>("SELECT max(number) FROM dedupe_window"), 5, int.MaxValue);
        Assert.Equal((long)Batches * Size, await ledger.ScalarAsync<long>("SELECT count(DISTINCT key16) FROM dedupe"));
        Assert.Equal((long)Batches * Size, await ledger.ScalarAsync<long>("SELECT count(*) FROM dedupe"));
        Assert.Equal((long)Batches * Size, await ledger.ScalarAsync<long>("SELECT count(*) FROM contribution"));
        await ledger.AssertBalancedAsync();
    }

    [Fact]
    public async Task A_commit_in_flight_keeps_its_window_open_and_does_not_hold_up_others()
    {
        await using var ledger = await TestLedger.CreateAsync(postgres);
        var jackpot = await ledger.CreateJackpotAsync(TestLedger.Quiet("quiet"));
        await using var connection = await ledger.Database.OpenConnectionAsync(Ct);
        await using var hanging = await connection.BeginTransactionAsync(Ct);
        await using var enter = new NpgsqlCommand("SELECT jp_enter_dedupe_window(1, '{}', '{}', '{}', '{}')", connection);
        await enter.ExecuteNonQueryAsync(Ct);

        await ledger.Keeper().CloseAsync(1, Ct);
        var meanwhile = (await ledger.NewWriter().RecordAsync([ledger.Item(jackpot, "k")], Ct))[0];
        var openWhileItHung = await ledger.ScalarAsync<int>("SELECT number FROM dedupe_window WHERE closed_at IS NULL");
        await hanging.CommitAsync(Ct);
        await ledger.Keeper().CloseAsync(1, Ct);

        Assert.Equal(RecordedKind.Accepted, meanwhile.Kind);
        Assert.Equal(1, openWhileItHung);
        Assert.Equal(2, await ledger.ScalarAsync<int>("SELECT number FROM dedupe_window WHERE closed_at IS NULL"));
    }

    [Fact]
    public async Task A_clock_that_steps_back_over_midnight_changes_nothing()
    {
        var clock = new FakeTimeProvider(new DateTimeOffset(2026, 3, 1, 23, 59, 0, TimeSpan.Zero));
        await using var ledger = await OnFakeClockAsync(clock);
        var jackpot = await ledger.CreateJackpotAsync(TestLedger.Quiet("quiet"));
        await ledger.NewWriter().RecordAsync([ledger.Item(jackpot, "before midnight")], Ct);
        clock.AdjustTime(clock.GetUtcNow().AddMinutes(2));
        await ledger.Keeper().KeepAsync(Ct);
        await ledger.NewWriter().RecordAsync([ledger.Item(jackpot, "after midnight")], Ct);

        clock.AdjustTime(clock.GetUtcNow().AddMinutes(-2));
        await ledger.Keeper().KeepAsync(Ct);
        var answers = await ledger.NewWriter().RecordAsync(
            [ledger.Item(jackpot, "before midnight", 7), ledger.Item(jackpot, "after midnight", 7), ledger.Item(jackpot, "stepped back")], Ct);

        Assert.Equal([RecordedKind.KeyReused, RecordedKind.KeyReused, RecordedKind.Accepted], answers.Select(answer => answer.Kind));
        Assert.Equal(2, await ledger.ScalarAsync<int>("SELECT max(number) FROM dedupe_window"));
        Assert.Equal(3L, await ledger.ScalarAsync<long>("SELECT count(*) FROM dedupe"));
    }

    [Fact]
    public async Task A_window_that_has_grown_large_is_closed_before_its_day_ends()
    {
        await using var ledger = await TestLedger.CreateAsync(postgres);
        var jackpot = await ledger.CreateJackpotAsync(TestLedger.Quiet("quiet"));
        await ledger.NewWriter().RecordAsync([.. Enumerable.Range(0, 1_000).Select(i => ledger.Item(jackpot, $"k{i}"))], Ct);
        var small = new ShardOptions { DedupeWindowKeys = 1_000 };

        await ledger.Keeper().KeepAsync(Ct);
        var unless = await ledger.ScalarAsync<int>("SELECT max(number) FROM dedupe_window");
        await ledger.Keeper(options: small).KeepAsync(Ct);
        var full = await ledger.ScalarAsync<int>("SELECT max(number) FROM dedupe_window");
        await ledger.Keeper(options: small).KeepAsync(Ct);

        Assert.Equal((1, 2), (unless, full));
        Assert.Equal(2, await ledger.ScalarAsync<int>("SELECT max(number) FROM dedupe_window"));
    }

    [Fact]
    public async Task Every_bet_that_the_endpoints_take_again_is_known_and_older_keys_are_dropped_whole()
    {
        var start = new DateTimeOffset(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);
        var clock = new FakeTimeProvider(start);
        await using var ledger = await OnFakeClockAsync(clock);
        await using var endpoints = await TestEndpoints.OpenAsync(ledger);
        await ledger.CreateJackpotAsync(TestLedger.Quiet("quiet"));
        var bet = endpoints.BetJson("quiet", "k");
        Assert.Equal(1, (await SendAsync(bet)).Is(200).GetProperty("sequence").GetInt32());
        var keptWhileTaken = 0;

        for (var day = 1; day <= 33; day++)
        {
            clock.AdjustTime(start.AddDays(day));
            await ledger.Keeper().KeepAsync(Ct);
            var again = await SendAsync(bet);
            if (again.Status == System.Net.HttpStatusCode.OK)
            {
                Assert.Equal(1, again.Json.GetProperty("sequence").GetInt32());
                (await SendAsync(bet.Replace("player-1", "player-2", StringComparison.Ordinal))).IsProblem(409, "idempotency-key-reused");
                keptWhileTaken = day;
            }
            else
            {
                again.IsProblem(422, "occurred-at-outside-window");
            }
        }

        // As long as the key is known the first answer is given again, also to a bet that is too old to be taken by now.
        Assert.InRange(keptWhileTaken, 30, 32);
        Assert.Equal(0L, await ledger.ScalarAsync<long>("SELECT count(*) FROM dedupe WHERE in_window = 1"));
        Assert.True(await ledger.ScalarAsync<bool>("SELECT to_regclass('dedupe_1') IS NULL"));
        Assert.InRange(await ledger.ScalarAsync<long>("SELECT count(*) FROM dedupe_window WHERE dropped_at IS NULL"), 30, 34);

        Task<EndpointAnswer> SendAsync(string json) => endpoints.PostAsync("/v1/jp/contributions", json, tenant: TestLedger.Tenant);
    }

    [Fact]
    public async Task A_limit_that_was_raised_after_keys_were_dropped_takes_no_bet_of_their_time()
    {
        var start = new DateTimeOffset(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);
        var clock = new FakeTimeProvider(start);
        await using var ledger = await OnFakeClockAsync(clock);
        await using var endpoints = await TestEndpoints.OpenAsync(ledger, services =>
            services.AddSingleton(new ShardOptions
            {
                Id = TestLedger.Shard, Region = "eu-mt", RegionsPath = Path.Combine(RepositoryFolder.Root, "regions"), OccurredAtPastMax = TimeSpan.FromDays(90),
            }));
        await ledger.CreateJackpotAsync(TestLedger.Quiet("quiet"));
        var bet = endpoints.BetJson("quiet", "k");
        (await endpoints.PostAsync("/v1/jp/contributions", bet, tenant: TestLedger.Tenant)).Is(200);
        foreach (var days in (int[])[1, 40])
        {
            // The keeper of a replica that has the limit of 30 days.
            clock.AdjustTime(start.AddDays(days));
            await ledger.Keeper().KeepAsync(Ct);
        }

        var again = await endpoints.PostAsync("/v1/jp/contributions", bet, tenant: TestLedger.Tenant);

        again.IsProblem(422, "occurred-at-outside-window");
        Assert.Equal(1L, await ledger.ScalarAsync<long>("SELECT count(*) FROM contribution"));
    }

    [Fact]
    public async Task One_clock_that_runs_ahead_makes_the_shard_forget_nothing()
    {
        var clock = new FakeTimeProvider(TimeProvider.System.GetUtcNow());
        await using var ledger = await TestLedger.CreateAsync(postgres, clock);
        var jackpot = await ledger.CreateJackpotAsync(TestLedger.Quiet("quiet"));
        await ledger.NewWriter().RecordAsync([ledger.Item(jackpot, "k")], Ct);
        await ledger.Keeper().CloseAsync(1, Ct);

        clock.AdjustTime(clock.GetUtcNow().AddDays(100));
        await ledger.Keeper().KeepAsync(Ct);

        Assert.Equal(1L, await ledger.ScalarAsync<long>("SELECT count(*) FROM dedupe"));
    }

    async Task<TestLedger> OnFakeClockAsync(FakeTimeProvider clock)
    {
        var ledger = await TestLedger.CreateAsync(postgres, clock);
        await ledger.ExecuteAsync($"UPDATE dedupe_window SET opened_at = '{clock.GetUtcNow():O}'");
        return ledger;
    }

    static async Task CloseAsync(TestLedger ledger, Replica replica, DedupeWindows windows)
    {
        await ledger.Windows.RefreshAsync(Ct);
        await ledger.Keeper().CloseAsync(ledger.Windows.Current.Open, Ct);
        switch (replica)
        {
            case Replica.WithFilter:
                await ledger.Keeper().KeepAsync(Ct);
                await windows.RefreshAsync(Ct);
                await windows.LoadFiltersAsync(Ct);
                Assert.All(windows.Current.Closed, window => Assert.NotNull(window.Filter));
                break;
            case Replica.WithoutFilter:
                await windows.RefreshAsync(Ct);
                Assert.All(windows.Current.Closed, window => Assert.Null(window.Filter));
                break;
        }
    }
}
