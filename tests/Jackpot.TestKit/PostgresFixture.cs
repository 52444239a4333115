using System.Collections.Concurrent;
using Jackpot.LocalProcesses.Postgres;
using Jackpot.TestKit.Servers;

namespace Jackpot.TestKit;

/// <summary>The PostgreSQL of a test program; every test takes an empty database of its own. Where there is none the test is skipped.</summary>
/// <remarks>
/// All fixtures of a program share one server, which ends with the program. Nobody stops it: a test that kills PostgreSQL starts its own
/// <see cref="PrivatePostgres"/>.
/// </remarks>
public sealed class PostgresFixture
{
    static readonly ConcurrentDictionary<string, Lazy<Task>> Templates = new(StringComparer.Ordinal);
    static readonly Lazy<Task<PostgresServer>> Shared = new(() => Task.Run(StartAsync));

    /// <summary>Held for as long as the program lives: a program of this machine is ended when nothing holds the pipe to its guard any more.</summary>
    static RunningServer? _running;

    /// <summary>The running server.</summary>
    public static async Task<PostgresServer> ServerAsync()
    {
        (await NeededServer.PostgreSql.SourceAsync()).SkipIfMissing();
        return await Shared.Value;
    }

    /// <summary>Creates an empty database and answers its connection string.</summary>
    public async Task<string> CreateDatabaseAsync() => await (await ServerAsync()).CreateDatabaseAsync(cancellation: Xunit.TestContext.Current.CancellationToken);

    /// <summary>Creates a copy of a database that was prepared once per test program, and answers its connection string.</summary>
    /// <param name="template">Name of the prepared database.</param>
    /// <param name="prepare">Is given its connection string, without pooling: a database that somebody is connected to is not copied.</param>
    public async Task<string> CloneDatabaseAsync(string template, Func<string, Task> prepare)
    {
        var server = await ServerAsync();
        await Templates.GetOrAdd(template, name => new Lazy<Task>(async () => await prepare(await server.CreateDatabaseAsync(name) + ";Pooling=false"))).Value;
        return await server.CreateDatabaseAsync(cancellation: Xunit.TestContext.Current.CancellationToken, template: template);
    }

    static async Task<PostgresServer> StartAsync()
    {
        var source = await NeededServer.PostgreSql.SourceAsync();
        var running = _running = await NeededServer.PostgreSql.StartAsync(source);
        if (source.Engine is not null)
        {
            // A program of this machine ends with the test program by itself; a container must be told.
            AppDomain.CurrentDomain.ProcessExit += (_, _) => running.DisposeAsync().AsTask().Wait();
        }
        return new PostgresServer(running.Address);
    }
}
