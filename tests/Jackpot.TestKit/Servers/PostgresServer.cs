using Jackpot.LocalProcesses.Postgres;
using Npgsql;
using Testcontainers.PostgreSql;

namespace Jackpot.TestKit.Servers;

/// <summary>A PostgreSQL that holds databases of tests. What it is made of, and how it dies, is nobody's business here: see <see cref="PrivatePostgres"/> for that.</summary>
/// <param name="ConnectionString">That of the database "postgres".</param>
public sealed record PostgresServer(string ConnectionString)
{
    int _databases;

    /// <summary>Where it listens.</summary>
    public int Port => new NpgsqlConnectionStringBuilder(ConnectionString).Port;

    /// <summary>Connection string of one of its databases.</summary>
    public string ConnectionStringFor(string database) => new NpgsqlConnectionStringBuilder(ConnectionString) { Database = database }.ConnectionString;

    /// <summary>Creates a database, empty or as a copy of one that nobody is connected to, and answers its connection string; without a name it gets one of its own.</summary>
    public async Task<string> CreateDatabaseAsync(string? name = null, string template = "template1", CancellationToken cancellation = default)
    {
        name ??= $"test_{Interlocked.Increment(ref _databases)}";
        await using var connection = new NpgsqlConnection(ConnectionString + ";Pooling=false;Timeout=60");
        await connection.OpenAsync(cancellation);
        await using var command = new NpgsqlCommand($"CREATE DATABASE \"{name}\" TEMPLATE \"{template}\"", connection);
        await command.ExecuteNonQueryAsync(cancellation);
        return ConnectionStringFor(name);
    }

    internal static async Task<RunningServer> StartProgramAsync()
    {
        // A test program makes hundreds of databases: the launcher would start a worker every 0.1 s to look through one after the other.
        var server = await PrivatePostgres.StartAsync(new PrivatePostgresOptions(Extra: ["autovacuum=off"]));
        return new(server.ConnectionString, server.DisposeAsync);
    }

    internal static async Task<RunningServer> StartContainerAsync(ServerSource source)
    {
        // As PrivatePostgres: connections enough for test classes that run at once, and no password, which data sources do not show again.
        var builder = new PostgreSqlBuilder(source.Image!).WithDatabase("postgres").WithUsername("jackpot")
            .WithEnvironment("POSTGRES_HOST_AUTH_METHOD", "trust").WithCommand("-c", "max_connections=300");
        var container = await ServerContainer.StartAsync(builder, source);
        var address = new NpgsqlConnectionStringBuilder(container.GetConnectionString()) { Password = null, Timeout = 5, IncludeErrorDetail = true };
        return new(address.ConnectionString, container.DisposeAsync);
    }
}
