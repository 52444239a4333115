using Jackpot.Contracts.Events;
using Jackpot.Ledger.Leadership;
using Jackpot.Shard.Balancing;
using Jackpot.Shard.Tests.Outbox;
using Jackpot.TestKit;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;

namespace Jackpot.Shard.Tests.Leadership;

/// <summary>Whoever leads and fails in the middle of it gives the role up: another replica goes on within two seconds.</summary>
public sealed class TakeOverTests(PostgresFixture postgres) : IClassFixture<PostgresFixture>
{
    static readonly TimeSpan Soon = TimeSpan.FromSeconds(2);

    static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("broker")]
    [InlineData("database")]
    [InlineData("cancelled")]
    public async Task Another_relay_goes_on_when_the_one_that_relays_fails_while_it_publishes(string fault)
    {
        await using var ledger = await TestLedger.CreateAsync(postgres);
        await using var first = await TestRelay.StartAsync(ledger);
        await AddAsync(ledger, "one");
        await Eventually.TrueAsync(() => first.Broker.On(Topics.ConfigChanged).Any(), what: "the first one relays");
        await using var second = await TestRelay.StartAsync(ledger);

        // The pool's idle connections must not hold what the first one held.
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
        await using var doors = await TestDoors.OpenAsync(ledger);
        var run = doors.Services.GetRequiredService<BalancingRun>();
        await using var blocker = await ledger.Database.OpenConnectionAsync(Ct);
        await using var hold = await blocker.BeginTransactionAsync(Ct);
        await using (var command = new NpgsqlCommand("LOCK TABLE journal_day IN ACCESS EXCLUSIVE MODE", blocker))
        {
            await command.ExecuteNonQueryAsync(Ct);
        }

        using var stop = CancellationTokenSource.CreateLinkedTokenSource(Ct);
        var running = run.RunAsync(stop.Token);
        await Eventually.TrueAsync(
            async () => await ledger.ScalarAsync<long>("SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'") == 1,
            what: "the first one is in the middle");
        Assert.Null(await run.RunAsync(Ct));

        await (fault == "cancelled" ? stop.CancelAsync() : TerminateLeaderAsync(ledger));
        await Assert.ThrowsAnyAsync<Exception>(() => running);
        await hold.RollbackAsync(Ct);

        await Eventually.TrueAsync(async () => await run.RunAsync(Ct) is not null, Soon, "the second one balances");
    }

    [Fact]
    public async Task A_role_has_one_leader_until_it_is_given_up_and_nothing_of_it_stays_behind()
    {
        await using var ledger = await TestLedger.CreateAsync(postgres);
        await using (var leader = await ledger.Election.TryLeadAsync(LeaderRole.Archive, Ct))
        {
            Assert.NotNull(leader);
            Assert.Null(await ledger.Election.TryLeadAsync(LeaderRole.Archive, Ct));
            await using var other = await ledger.Election.TryLeadAsync(LeaderRole.Balancing, Ct);
            Assert.NotNull(other);
        }

        await Eventually.TrueAsync(async () => await ledger.ScalarAsync<long>("SELECT count(*) FROM pg_stat_activity WHERE application_name = 'jackpot-shard-leader' AND datname = current_database()") == 0, Soon);
        await using var next = await ledger.Election.TryLeadAsync(LeaderRole.Archive, Ct);
        Assert.NotNull(next);
    }

    static Task TerminateLeaderAsync(TestLedger ledger) => ledger.ExecuteAsync(
        "SELECT pg_terminate_backend(pid) FROM pg_locks WHERE locktype = 'advisory' AND mode = 'ExclusiveLock' AND granted AND database = (SELECT oid FROM pg_database WHERE datname = current_database())");

    static Task AddAsync(TestLedger ledger, string text) => ledger.ExecuteAsync($"INSERT INTO outbox (kind, payload) VALUES ('{Topics.ConfigChanged}', '\"{text}\"')");
}
