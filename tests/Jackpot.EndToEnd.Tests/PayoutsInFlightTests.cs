using System.Text.Json.Nodes;
using Jackpot.LocalProcesses;
using Jackpot.LocalProcesses.Postgres;
using Jackpot.TestKit;
using Npgsql;

namespace Jackpot.EndToEnd.Tests;

/// <summary>
/// A version is replaced while payouts are in flight. The databases in tests/upgrade/left-by-last-release were written by the last release (see
/// leave-databases there): one payout in every open state, one whose credit the wallet applied although its answer was lost, one that was paid.
/// </summary>
public sealed class PayoutsInFlightTests
{
    static readonly TimeSpan PayoutDeadline = TimeSpan.FromSeconds(90);
    static readonly string Left = Path.Combine(RepositoryFolder.Root, "tests", "upgrade", "left-by-last-release");

    static CancellationToken Ct => TestContext.Current.CancellationToken;

    /// <summary>The row is the truth, whether the saga is still there, as it is where the state store was kept, or gone.</summary>
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Every_payout_that_the_version_before_left_open_is_credited_once_and_the_books_balance(bool sagasAreThere)
    {
        await using var before = await LocalCluster.StartAsync();
        await before.DownAsync();
        await RestoreAsync(before, sagasAreThere ? ["shard_eu_mt_1", "wallet_eu_mt", "dapr_eu_mt"] : ["shard_eu_mt_1", "wallet_eu_mt"]);

        await using var cluster = await LocalCluster.StartAsync(runDirectory: before.RunDirectory);
        await using var shard = NpgsqlDataSource.Create(cluster.ConnectionString("shard_eu_mt_1"));
        await using var wallet = NpgsqlDataSource.Create(cluster.ConnectionString("wallet_eu_mt"));
        await Eventually.TrueAsync(async () => await shard.ScalarAsync("SELECT count(*) FROM payout WHERE state <> 'credited'") == 0, PayoutDeadline, "every payout is credited");

        Assert.Equal(await RowsAsync(shard, "SELECT payout_id, player_id, amount FROM payout"), await RowsAsync(wallet, "SELECT transaction_id, player_id, amount_micros FROM wallet_transaction WHERE status = 'done'"));
        Assert.True(await shard.ScalarAsync("SELECT count(*) FROM payout WHERE winner > 0") > 0, "no payout of the shared award was made");
        await shard.AssertBalancedAsync();
        await shard.AssertStoredOnceAsync(await shard.ScalarAsync("SELECT count(*) FROM contribution"));
    }

    /// <summary>Puts the databases into a cluster that is down, and the key that their draws are sealed with; and looks whether they hold what this test is about.</summary>
    static async Task RestoreAsync(LocalCluster cluster, IReadOnlyList<string> names)
    {
        var secretsFile = Path.Combine(cluster.RunDirectory, "eu-mt", "secrets.json");
        var secrets = JsonNode.Parse(await File.ReadAllTextAsync(secretsFile, Ct))!;
        secrets["draw-sealing-key"] = (await File.ReadAllTextAsync(Path.Combine(Left, "draw-sealing-key"), Ct)).TrimEnd();
        await File.WriteAllTextAsync(secretsFile, secrets.ToJsonString(), Ct);

        var plan = JsonNode.Parse(await File.ReadAllTextAsync(Path.Combine(cluster.RunDirectory, "plan.json"), Ct))!["postgres"]!.AsArray().Single(postgres => (string?)postgres!["name"] == "postgres-eu-mt")!;
        var (data, password, port) = ((string)plan["data_directory"]!, (string)secrets["postgres-password"]!, FreePort.Next());
        string[] control = [Path.Combine((string)plan["binaries"]!, "pg_ctl"), "-D", data, "-w"];
        await PostgresAccount.RequireAsync([.. control, "-l", Path.Combine(data, "restore.log"), "-o", $"-p {port} -h 127.0.0.1 -k ''", "start"], Ct);
        try
        {
            string Address(string database) => $"Host=127.0.0.1;Port={port};Username=jackpot;Password={password};Database={database};Pooling=false";
            foreach (var name in names)
            {
                await ExecuteAsync(Address("postgres"), $"DROP DATABASE \"{name}\"");
                await ExecuteAsync(Address("postgres"), $"CREATE DATABASE \"{name}\"");
                // pg_dump's own lines for psql are no SQL.
                var lines = await File.ReadAllLinesAsync(Path.Combine(Left, NameThen(name) + ".sql"), Ct);
                await ExecuteAsync(Address(name), string.Join('\n', lines.Where(line => !line.StartsWith('\\'))));
            }

            await using var shard = NpgsqlDataSource.Create(Address("shard_eu_mt_1"));
            await using var wallet = NpgsqlDataSource.Create(Address("wallet_eu_mt"));
            Assert.Equal(["credited", "crediting", "requested", "sharing"], (await RowsAsync(shard, "SELECT DISTINCT state, '', 0::bigint FROM payout")).Select(row => row.Id));
            Assert.Equal(["player-lost-drop", "player-paid-drop"], (await RowsAsync(wallet, "SELECT transaction_id, player_id, amount_micros FROM wallet_transaction")).Select(row => row.Player).Order());
        }
        finally
        {
            await PostgresAccount.RequireAsync([.. control, "-m", "fast", "stop"], CancellationToken.None);
        }
    }

    /// <summary>Version 0.1 had one wallet and one LocalDapr for all regions.</summary>
    static string NameThen(string database) => File.Exists(Path.Combine(Left, database + ".sql")) ? database : database.Replace("_eu_mt", "", StringComparison.Ordinal);

    static async Task ExecuteAsync(string address, string sql)
    {
        await using var connection = new NpgsqlConnection(address);
        await connection.OpenAsync(Ct);
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync(Ct);
    }

    static async Task<List<(string Id, string Player, long AmountMicros)>> RowsAsync(NpgsqlDataSource database, string sql)
    {
        await using var command = database.CreateCommand(sql);
        await using var reader = await command.ExecuteReaderAsync(Ct);
        var rows = new List<(string, string, long)>();
        while (await reader.ReadAsync(Ct))
        {
            rows.Add((reader.GetString(0), reader.GetString(1), reader.GetInt64(2)));
        }
        rows.Sort();
        return rows;
    }
}
