using System.Diagnostics;
using Jackpot.Cli.Cluster;
using Jackpot.Cli.Logs;
using Jackpot.LocalProcesses.Postgres;
using Npgsql;

namespace Jackpot.Cli.Postgres;

/// <summary>The local cluster's PostgreSQL: default durability, password, data kept between runs.</summary>
sealed class ClusterPostgres(PostgresPlan plan)
{
    /// <summary>A shared object that the benchmark puts in front of the C library, to slow the flushes of this server alone.</summary>
    const string PreloadVariable = "JACKPOT_POSTGRES_PRELOAD";

    static readonly TimeSpan AnswerDeadline = TimeSpan.FromSeconds(60);
    static readonly TimeSpan PollInterval = TimeSpan.FromMilliseconds(50);

    /// <summary>How the server is started, as the account that may run it.</summary>
    internal ProcessStartInfo Command(string logFile)
    {
        var command = PostgresAccount.Command(
            Path.Combine(plan.Binaries, "postgres"),
            [
                "-D", plan.DataDirectory, "-p", $"{plan.Port}", "-h", "127.0.0.1", "-k", "",
                "-c", "max_connections=300", "-c", "logging_collector=off",
                .. ClusterSettings.All.SelectMany(setting => (string[])["-c", setting]),
            ]);
        var preload = Environment.GetEnvironmentVariable(PreloadVariable);
        return LoggedCommand.Create(
            logFile, [command.FileName, .. command.ArgumentList], preload is null ? null : new Dictionary<string, string> { ["LD_PRELOAD"] = preload });
    }

    /// <summary>Makes the data directory at the first start; finds it at every later one.</summary>
    internal static async Task InitialiseAsync(PostgresPlan plan, CancellationToken cancellation)
    {
        if (File.Exists(Path.Combine(plan.DataDirectory, PostgresData.VersionFile)))
        {
            return;
        }
        // initdb takes the password from a file only, or from a terminal.
        const string Script = """
            umask 077; file=$(mktemp); trap 'rm -f "$file"' EXIT
            printf %s "$1" >"$file"; shift
            "$@" --pwfile="$file"
            """;
        await PostgresAccount.RequireAsync(
            [
                "sh", "-c", Script, "initdb", plan.Password, Path.Combine(plan.Binaries, "initdb"), "-D", plan.DataDirectory,
                "-U", PostgresPlan.User, "-E", "UTF8", "--locale=C", "--auth=scram-sha-256",
            ],
            cancellation);
    }

    /// <summary>Waits for the server, then creates what databases are missing.</summary>
    internal async Task PrepareDatabasesAsync(CancellationToken cancellation)
    {
        await using var connection = await ConnectAsync(cancellation);
        await using var list = new NpgsqlCommand("SELECT datname FROM pg_database", connection);
        var existing = new HashSet<string>();
        await using (var reader = await list.ExecuteReaderAsync(cancellation))
        {
            while (await reader.ReadAsync(cancellation))
            {
                existing.Add(reader.GetString(0));
            }
        }
        foreach (var name in plan.DatabaseNames.Where(name => !existing.Contains(name)))
        {
            await using var create = new NpgsqlCommand($"CREATE DATABASE \"{name}\"", connection);
            await create.ExecuteNonQueryAsync(cancellation);
        }
        await ClusterSettings.CompressPagesAsync(connection, cancellation);
    }

    async Task<NpgsqlConnection> ConnectAsync(CancellationToken cancellation)
    {
        var clock = Stopwatch.StartNew();
        while (true)
        {
            var connection = new NpgsqlConnection(plan.ConnectionString("postgres") + ";Pooling=false");
            try
            {
                await connection.OpenAsync(cancellation);
                return connection;
            }
            catch (NpgsqlException) when (clock.Elapsed < AnswerDeadline)
            {
                await connection.DisposeAsync();
                await Task.Delay(PollInterval, cancellation);
            }
        }
    }
}
