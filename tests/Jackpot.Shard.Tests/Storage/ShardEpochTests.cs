using Jackpot.Core.Awards;
using Jackpot.Core.Ids;
using Jackpot.Ledger.Contributions;
using Jackpot.Ledger.Settings;
using Jackpot.LocalProcesses.Postgres;
using Jackpot.LocalProcesses.Programs;
using Jackpot.Shard.Tests.ExternalTriggers;
using Jackpot.TestKit;
using Jackpot.TestKit.Servers;
using Npgsql;

namespace Jackpot.Shard.Tests.Storage;

/// <summary>An award's id is never one that a wallet has seen before: not from another shard, and not from what this shard was before it was restored.</summary>
public sealed class ShardEpochTests(PostgresFixture postgres) : IClassFixture<PostgresFixture>
{
    const string OtherShard = "eu-mt-2";

    static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_same_pool_on_two_shards_makes_two_awards()
    {
        await using var one = await TestLedger.CreateAsync(postgres);
        await using var other = await TestLedger.CreateAsync(postgres, shard: OtherShard);

        Assert.NotEqual(await DropAsync(one), await DropAsync(other));
        Assert.NotEqual(await PayoutsAsync(one), await PayoutsAsync(other));
    }

    [Fact]
    public async Task The_award_of_a_cycle_follows_from_shard_epoch_pool_and_cycle_and_its_payout_has_at_most_36_characters()
    {
        await using var ledger = await TestLedger.CreateAsync(postgres);
        var drop = await DropAsync(ledger);

        Assert.Equal(AwardId.Of(ShardEpoch.Of(TestLedger.Shard, 1), PoolId.Parse("drop-main"), 1).Value, drop);
        Assert.Equal(["payout-" + drop], await PayoutsAsync(ledger));
        Assert.InRange(("payout-" + drop).Length, 1, 36);
    }

    [Fact]
    public async Task A_drop_that_is_committed_again_has_the_same_award()
    {
        await using var ledger = await TestLedger.CreateAsync(postgres);
        var jackpot = await ledger.CreateJackpotAsync(TestLedger.MustDrop("drop"));
        var bet = ledger.Item(jackpot, "k", stakeMicros: 200_000_000);

        // Two owners decide the same drop; one of them loses the race and answers from what the other has stored.
        var answers = await Task.WhenAll(ledger.NewWriter().RecordAsync([bet], Ct), ledger.NewWriter().RecordAsync([bet], Ct));

        Assert.Single(answers.SelectMany(answer => answer[0].Awards).Select(award => award.AwardId).Distinct());
        Assert.Equal(1L, await ledger.ScalarAsync<long>("SELECT count(*) FROM award"));
    }

    [Fact]
    public async Task A_database_that_is_what_it_was_stays_in_its_epoch_whoever_starts()
    {
        await using var ledger = await TestLedger.CreateAsync(postgres);
        var entered = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Run(() => ledger.Epochs.EnterAsync(Ct), Ct)));

        Assert.All(entered, epoch => Assert.Equal(ShardEpoch.Of(TestLedger.Shard, 1), epoch));
        Assert.Equal(["1"], await ledger.RowsAsync("SELECT epoch FROM shard_epoch"));
        Assert.Empty(await ledger.RowsAsync("SELECT 1 FROM audit_entry WHERE action = 'epoch raised'"));
    }

    [Theory]
    [InlineData("system_identifier = system_identifier + 1", "system identifier")]
    [InlineData("timeline = timeline + 1", "timeline")]
    [InlineData("shard = 'uk-gb-1'", "shard")]
    public async Task Whatever_makes_the_database_another_raises_the_epoch_once_and_the_audit_log_tells(string before, string told)
    {
        await using var ledger = await TestLedger.CreateAsync(postgres);
        await ledger.ExecuteAsync("UPDATE shard_epoch SET " + before);

        await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Task.Run(() => ledger.Epochs.EnterAsync(Ct), Ct)));

        Assert.Equal(["1", "2"], await ledger.RowsAsync("SELECT epoch FROM shard_epoch ORDER BY epoch"));
        Assert.Contains(told, Assert.Single(await ledger.RowsAsync("SELECT why FROM audit_entry WHERE action = 'epoch raised'")), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_copy_of_the_database_names_the_same_cycle_otherwise()
    {
        var original = await postgres.CreateDatabaseAsync();
        string copy, first;
        await using (var ledger = await TestLedger.OpenAsync(original))
        {
            await ledger.CreateJackpotAsync(TestLedger.MustDrop("drop"));
            copy = await CopyAsync(original, await PostgresFixture.ServerAsync());
            first = await DropAsync(ledger, found: false);
        }

        await using var restored = await TestLedger.OpenAsync(copy);
        await restored.Directory.ReloadAsync(Ct);
        var second = await DropAsync(restored, found: false);

        Assert.NotEqual(first, second);
        Assert.Equal(AwardId.Of(ShardEpoch.Of(TestLedger.Shard, 2), PoolId.Parse("drop-main"), 1).Value, second);
    }

    [Fact]
    public async Task The_settings_can_ask_for_a_later_epoch_after_files_were_put_back_from_a_snapshot()
    {
        await using var ledger = await TestLedger.CreateAsync(postgres);
        var asked = ledger.EpochsOf(new ShardOptions { Id = TestLedger.Shard, EpochMin = 7 });

        Assert.Equal(7, (await asked.EnterAsync(Ct)).Number);
        Assert.Equal(7, (await asked.EnterAsync(Ct)).Number);
        Assert.Contains("EpochMin", Assert.Single(await ledger.RowsAsync("SELECT why FROM audit_entry WHERE action = 'epoch raised'")), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_call_that_finds_the_epoch_over_drops_in_the_next_one()
    {
        await using var ledger = await TestLedger.CreateAsync(postgres);
        await ledger.CreateJackpotAsync(TriggerKit.External("called"));
        await using var endpoints = await TestEndpoints.OpenAsync(ledger);
        await ledger.ExecuteAsync("UPDATE shard_epoch SET timeline = timeline + 1");

        (await endpoints.TriggerAsync(TriggerKit.Trigger("t", "called-main", "ann"))).Is(200);

        Assert.Equal(["2"], await ledger.RowsAsync("SELECT shard_epoch FROM award"));
        await endpoints.AssertSoundAsync(ledger, "called");
    }

    [Fact]
    public async Task A_standby_that_is_promoted_under_a_running_shard_drops_in_the_next_epoch()
    {
        Needs.Program(NeededProgram.PostgreSql);
        await using var server = await PrivatePostgres.StartAsync(cancellation: Ct);
        await using var ledger = await TestLedger.OpenAsync(await server.CreateDatabaseAsync(cancellation: Ct));
        var jackpot = await ledger.CreateJackpotAsync(TestLedger.MustDrop("drop"));
        var writer = ledger.NewWriter();
        Assert.Equal(RecordedKind.Accepted, (await writer.RecordAsync([ledger.Item(jackpot, "before")], Ct))[0].Kind);

        await PromoteAsync(server);
        var dropped = (await writer.RecordAsync([ledger.Item(jackpot, "after", stakeMicros: 200_000_000)], Ct))[0];

        Assert.Equal(RecordedKind.Accepted, dropped.Kind);
        Assert.Equal(["1 1", "2 2"], await ledger.RowsAsync("SELECT epoch, timeline FROM shard_epoch ORDER BY epoch"));
        Assert.Equal(
            AwardId.Of(ShardEpoch.Of(TestLedger.Shard, 2), PoolId.Parse("drop-main"), 1).Value, await ledger.ScalarAsync<string>("SELECT award_id FROM award"));
    }

    /// <summary>Starts the server as its own standby and makes it the primary again, on the next timeline.</summary>
    static async Task PromoteAsync(PrivatePostgres server)
    {
        await server.StopAsync(Ct);
        await PostgresAccount.RequireAsync(["touch", Path.Combine(server.DataDirectory, "standby.signal")], Ct);
        await server.RestartAsync(Ct);
        await using var connection = new NpgsqlConnection(server.ConnectionString + ";Pooling=false");
        await connection.OpenAsync(Ct);
        await using var promote = new NpgsqlCommand("SELECT pg_promote()", connection);
        Assert.Equal(true, await promote.ExecuteScalarAsync(Ct));
    }

    static async Task<string> DropAsync(TestLedger ledger, bool found = true)
    {
        var jackpot = found ? await ledger.CreateJackpotAsync(TestLedger.MustDrop("drop") with { Shard = ledger.ShardId }) : ledger.Directory.ByJackpot("drop")!;
        var dropped = (await ledger.NewWriter().RecordAsync([ledger.Item(jackpot, "k", stakeMicros: 200_000_000)], Ct))[0];
        return Assert.Single(dropped.Awards).AwardId;
    }

    static Task<List<string>> PayoutsAsync(TestLedger ledger) => ledger.RowsAsync("SELECT payout_id FROM payout ORDER BY winner");

    static async Task<string> CopyAsync(string original, PostgresServer server)
    {
        var name = new NpgsqlConnectionStringBuilder(original).Database!;
        NpgsqlConnection.ClearAllPools();
        await using var connection = new NpgsqlConnection(server.ConnectionString + ";Pooling=false");
        await connection.OpenAsync(Ct);
        foreach (var sql in (string[])[
            $"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{name}'", $"CREATE DATABASE \"{name}_copy\" TEMPLATE \"{name}\""])
        {
            await using var command = new NpgsqlCommand(sql, connection);
            await command.ExecuteNonQueryAsync(Ct);
        }

        return server.ConnectionStringFor(name + "_copy");
    }
}
