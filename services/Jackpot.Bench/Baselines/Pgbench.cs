using System.Globalization;
using System.Text.RegularExpressions;
using Jackpot.LocalProcesses.Postgres;
using Npgsql;

namespace Jackpot.Bench.Baselines;

/// <summary>What plain PostgreSQL does on the same server: the naive transaction per bet, and the ceiling of one statement per 1,000 rows.</summary>
sealed partial class Pgbench(PostgresBinaries binaries, string connectionString) : IDisposable
{
    const int CeilingRows = 1_000;

    /// <summary>Runs, each longer than the one before, in which a disk that stands still, or connecting on busy cores, may let nothing be committed.</summary>
    const int AttemptsMax = 5;

    const string Schema = """
        DROP TABLE IF EXISTS contribution, pool;
        CREATE TABLE contribution (idem uuid PRIMARY KEY, pool_id int NOT NULL, amount bigint NOT NULL, bet_id bigint NOT NULL, player bigint NOT NULL,
            seq bigint GENERATED ALWAYS AS IDENTITY, at timestamptz NOT NULL DEFAULT now());
        CREATE TABLE pool (id int PRIMARY KEY, balance bigint NOT NULL, n bigint NOT NULL) WITH (fillfactor = 50);
        INSERT INTO pool SELECT n, 0, 0 FROM generate_series(1, 16) n;
        """;

    const string NaiveScript = """
        BEGIN;
        INSERT INTO contribution (idem, pool_id, amount, bet_id, player) VALUES (gen_random_uuid(), 1, 20000, 1, 17);
        UPDATE pool SET balance = balance + 20000, n = n + 1 WHERE id = 1;
        COMMIT;
        """;

    const string CeilingScript = """
        WITH i AS (INSERT INTO contribution (idem, pool_id, amount, bet_id, player)
                   SELECT gen_random_uuid(), 1 + :client_id, 20000, g, 17 FROM generate_series(1, 1000) g
                   ON CONFLICT (idem) DO NOTHING RETURNING pool_id, amount),
             s AS (SELECT pool_id, sum(amount) a, count(*) c FROM i GROUP BY pool_id)
        UPDATE pool p SET balance = p.balance + s.a, n = p.n + s.c FROM s WHERE p.id = s.pool_id;
        """;

    readonly string _folder = Directory.CreateTempSubdirectory("jackpot-pgbench-").FullName;

    [GeneratedRegex(@"tps = (?<tps>[0-9.]+)")]
    private static partial Regex Tps { get; }

    [GeneratedRegex("^number of transactions actually processed: 0$", RegexOptions.Multiline)]
    private static partial Regex NothingCommitted { get; }

    /// <summary>Transactions a second of the naive design.</summary>
    internal Task<double> NaiveAsync(int clients, TimeSpan duration) => RunAsync(NaiveScript, clients, duration);

    /// <summary>Rows a second of the batch statement, one pool per client.</summary>
    internal async Task<double> CeilingAsync(int clients, TimeSpan duration) => await RunAsync(CeilingScript, clients, duration) * CeilingRows;

    async Task<double> RunAsync(string script, int clients, TimeSpan duration)
    {
        var file = Path.Combine(_folder, "script.sql");
        await File.WriteAllTextAsync(file, script);
        var seconds = Math.Max(1, (int)duration.TotalSeconds);
        for (var attempt = 1; attempt <= AttemptsMax; attempt++)
        {
            if (await RunOnceAsync(file, clients, attempt * seconds) is { } rate)
            {
                return rate;
            }
            BenchRun.Say($"pgbench with {clients} clients committed nothing in {attempt * seconds} s ({attempt} of {AttemptsMax} attempts)");
        }
        throw new InvalidOperationException($"pgbench with {clients} clients committed nothing in {AttemptsMax} runs of {seconds} to {AttemptsMax * seconds} s.");
    }

    async Task<double?> RunOnceAsync(string file, int clients, int seconds)
    {
        await ResetAsync();
        var parts = new NpgsqlConnectionStringBuilder(connectionString);
        var output = await Tool.RunAsync(
            binaries.Program("pgbench"),
            [
                "-n", "-M", "prepared", "-f", file, "-c", $"{clients}", "-j", $"{Math.Min(clients, 2)}", "-T", $"{seconds}",
                "-h", parts.Host!, "-p", $"{parts.Port}", "-U", parts.Username!, parts.Database!,
            ],
            new Dictionary<string, string> { ["PGPASSWORD"] = parts.Password ?? "" });
        // What is left would be vacuumed while something else is measured.
        await ExecuteAsync("TRUNCATE contribution");
        return Rate(output);
    }

    /// <summary>Transactions a second as pgbench printed them; null when it committed none, for which it prints no rate.</summary>
    internal static double? Rate(string output) =>
        Tps.Match(output) is { Success: true } tps ? double.Parse(tps.Groups["tps"].Value, CultureInfo.InvariantCulture)
        : NothingCommitted.IsMatch(output) ? null
        : throw new InvalidOperationException($"pgbench printed no rate: {output}");

    /// <summary>Every run starts from empty tables and a finished checkpoint, so that none pays for another.</summary>
    Task ResetAsync() => ExecuteAsync(Schema, "VACUUM pool", "CHECKPOINT");

    async Task ExecuteAsync(params string[] statements)
    {
        await using var connection = new NpgsqlConnection(connectionString);
        await connection.OpenAsync();
        foreach (var statement in statements)
        {
            await using var command = new NpgsqlCommand(statement, connection);
            await command.ExecuteNonQueryAsync();
        }
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);
}
