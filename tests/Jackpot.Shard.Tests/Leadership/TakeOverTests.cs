using Jackpot.Contracts.Events;
using Jackpot.Ledger.Archive;
using Jackpot.Ledger.Leadership;
using Jackpot.Ledger.Storage;
using Jackpot.Shard.Balancing;
using Jackpot.Shard.Tests.Outbox;
using Jackpot.Shard.Tests.Storage.Archive;
using Jackpot.TestKit;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;
using Npgsql;

namespace Jackpot.Shard.Tests.Leadership;

/// <summary>
/// Whoever leads and fails in the middle of it gives the role up: another replica goes on within two seconds. The replicas share nothing but the tables,
/// so that a lock that stays behind in the connections of one shows.
/// </summary>
public sealed class TakeOverTests(PostgresFixture postgres) : IClassFixture<PostgresFixture>
{
    static readonly TimeSpan Soon = TimeSpan.FromSeconds(2);
    static readonly TimeSpan Deadline = TimeSpan.FromSeconds(30);

    static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("broker")]
    [InlineData("database")]
    [InlineData("cancelled")]
    public async Task Another_relay_goes_on_when_the_one_that_relays_fails_while_it_publishes(string fault)
    {
        await using var ledger = await TestLedger.CreateAsync(postgres);
        await using var replica = await ledger.OpenReplicaAsync();
        await using var first = await TestRelay.StartAsync(ledger);
        await AddAsync(ledger, "one");
        await Eventually.TrueAsync(() => first.Broker.On(Topics.ConfigChanged).Any(), Deadline, "the first one relays");
        await using var second = await TestRelay.StartAsync(replica);

        var (publishing, answer) = (new TaskCompletionSource(), new TaskCompletionSource());
        first.Broker.Fails = _ => true;
        first.Broker.Before = () =>
        {
            publishing.TrySetResult();
            return answer.Task;
        };
        await AddAsync(ledger, "two");
        await publishing.Task.WaitAsync(Ct);
        var stopping = fault switch
        {
            "cancelled" => first.StopAsync(),
            "database" => TerminateLeaderAsync(ledger),
            _ => Task.CompletedTask,
        };
        answer.SetResult();

        await Eventually.TrueAsync(() => second.Broker.On(Topics.ConfigChanged).Contains("\"two\""), Soon, "the second one relays");
        await stopping;
    }

    [Theory]
    [InlineData("database")]
    [InlineData("cancelled")]
    public async Task Another_replica_balances_when_the_one_that_balances_fails_in_the_middle(string fault)
    {
        await using var ledger = await TestLedger.CreateAsync(postgres);
        await using var replica = await ledger.OpenReplicaAsync();
        await using var endpoints = await TestEndpoints.OpenAsync(ledger);
        await using var others = await TestEndpoints.OpenAsync(replica);
        var (first, second) = (endpoints.Services.GetRequiredService<BalancingRun>(), others.Services.GetRequiredService<BalancingRun>());
        await using var blocker = await ledger.Database.OpenConnectionAsync(Ct);
        await using var hold = await blocker.BeginTransactionAsync(Ct);
        await using (var command = new NpgsqlCommand("LOCK TABLE journal_day IN ACCESS EXCLUSIVE MODE", blocker))
        {
            await command.ExecuteNonQueryAsync(Ct);
        }

        using var stop = CancellationTokenSource.CreateLinkedTokenSource(Ct);
        var running = first.RunAsync(stop.Token);
        await Eventually.TrueAsync(
            async () => await ledger.ScalarAsync<long>("SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'") == 1,
            Deadline, "the first one is in the middle");
        Assert.Null(await second.RunAsync(Ct));

        await (fault == "cancelled" ? stop.CancelAsync() : TerminateLeaderAsync(ledger));
        await Assert.ThrowsAnyAsync<Exception>(() => running);
        await hold.RollbackAsync(Ct);

        await Eventually.TrueAsync(async () => await second.RunAsync(Ct) is not null, Soon, "the second one balances");
    }

    [Theory]
    [InlineData("database")]
    [InlineData("cancelled")]
    [InlineData("disk")]
    public async Task Another_replica_archives_when_the_one_that_archives_fails_in_the_middle(string fault)
    {
        var clock = new FakeTimeProvider(new DateTimeOffset(2025, 3, 1, 12, 0, 0, TimeSpan.Zero));
        await using var ledger = await TestLedger.CreateAsync(postgres, clock);
        await using var replica = await ledger.OpenReplicaAsync();
        using var archive = new TestArchive(ledger);
        var jackpot = await ledger.CreateJackpotAsync(TestLedger.Quiet("pot"));
        await ledger.NewWriter().RecordAsync([ledger.Item(jackpot, "k")], Ct);
        await archive.BalanceAsync();
        clock.AdjustTime(clock.GetUtcNow().AddDays(401));

        var (reached, answer) = (new TaskCompletionSource(), new TaskCompletionSource());
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(Ct);
        var running = Task.Run(() => archive.JobOf(ledger, point =>
        {
            if (point == ArchivePoint.FileNamed)
            {
                reached.SetResult();
                answer.Task.Wait(Ct);
            }
        }).RunAsync(stop.Token), Ct);
        await reached.Task.WaitAsync(Ct);
        Assert.False(await archive.JobOf(replica).RunAsync(Ct));

        await (fault switch
        {
            "cancelled" => stop.CancelAsync(),
            "database" => TerminateLeaderAsync(ledger),
            _ => Task.CompletedTask,
        });
        answer.SetException(new IOException("the disk is gone"));
        await Assert.ThrowsAnyAsync<Exception>(() => running);

        await Eventually.TrueAsync(async () => await archive.JobOf(replica).RunAsync(Ct), Soon, "the second one archives");
        Assert.Equal(["2025-03-01 dropped"], await ledger.RowsAsync("SELECT day::text, state FROM archived_partition"));
    }

    [Theory]
    [InlineData("database")]
    [InlineData("cancelled")]
    public async Task Another_replica_analyses_when_the_one_that_does_fails_in_the_middle(string fault)
    {
        await using var ledger = await TestLedger.CreateAsync(postgres);
        await using var replica = await ledger.OpenReplicaAsync();

        // To analyse the first table takes as long as there is a row in "slow".
        await ledger.ExecuteAsync("""
            CREATE TABLE slow ();
            CREATE FUNCTION wait_while_slow(n int) RETURNS int LANGUAGE plpgsql IMMUTABLE AS $$
                BEGIN IF EXISTS (SELECT FROM public.slow) THEN PERFORM pg_sleep(600); END IF; RETURN n; END $$;
            CREATE TABLE first (n int); CREATE TABLE second (n int);
            CREATE INDEX ON first (wait_while_slow(n));
            INSERT INTO first VALUES (1); INSERT INTO second VALUES (1); INSERT INTO slow DEFAULT VALUES;
            """);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(Ct);
        var running = StatisticsKeeper.AnalyzeAsync(ledger.Database, "first", stop.Token);
        await Eventually.TrueAsync(
            async () => await ledger.ScalarAsync<long>("SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event = 'PgSleep'") == 1,
            Deadline, "the first one is in the middle");
        Assert.False(await StatisticsKeeper.AnalyzeAsync(replica.Database, "second", Ct));

        await (fault == "cancelled" ? stop.CancelAsync() : TerminateLeaderAsync(ledger));
        await Assert.ThrowsAnyAsync<Exception>(() => running);

        await Eventually.TrueAsync(() => StatisticsKeeper.AnalyzeAsync(replica.Database, "second", Ct), Soon, "the second one analyses");
    }

    [Fact]
    public async Task A_role_has_one_leader_until_it_is_given_up_and_nothing_of_it_stays_behind()
    {
        await using var ledger = await TestLedger.CreateAsync(postgres);
        await using var replica = await ledger.OpenReplicaAsync();
        await using (var leader = await ledger.Election.TryLeadAsync(LeaderRole.Archive, Ct))
        {
            Assert.NotNull(leader);
            Assert.Null(await replica.Election.TryLeadAsync(LeaderRole.Archive, Ct));
            await using var other = await replica.Election.TryLeadAsync(LeaderRole.Balancing, Ct);
            Assert.NotNull(other);
        }

        await Eventually.TrueAsync(async () => await ledger.ScalarAsync<long>("SELECT count(*) FROM pg_stat_activity WHERE application_name = 'jackpot-shard-leader' AND datname = current_database()") == 0, Soon);
        await using var next = await replica.Election.TryLeadAsync(LeaderRole.Archive, Ct);
        Assert.NotNull(next);
    }

    static Task TerminateLeaderAsync(TestLedger ledger) => ledger.ExecuteAsync(
        "SELECT pg_terminate_backend(pid) FROM pg_locks WHERE locktype = 'advisory' AND mode = 'ExclusiveLock' AND granted AND database = (SELECT oid FROM pg_database WHERE datname = current_database())");

    static Task AddAsync(TestLedger ledger, string text) => ledger.ExecuteAsync($"INSERT INTO outbox (kind, payload) VALUES ('{Topics.ConfigChanged}', '\"{text}\"')");
}
