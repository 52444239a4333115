using System.Collections.Concurrent;
using Jackpot.LocalProcesses.Postgres;
using Jackpot.LocalProcesses.Programs;

namespace Jackpot.TestKit;

/// <summary>The private PostgreSQL of a test program; every test takes an empty database of its own. Without PostgreSQL the test is skipped.</summary>
/// <remarks>
/// All fixtures of a program share one server, which ends with the program. Nobody stops it: a test that kills PostgreSQL starts its own
/// <see cref="PrivatePostgres"/>.
/// </remarks>
public sealed class PostgresFixture
{
    static readonly ConcurrentDictionary<string, Lazy<Task>> Templates = new(StringComparer.Ordinal);
    static readonly Lazy<Task<PrivatePostgres>> Shared = new(() => Task.Run(() => PrivatePostgres.StartAsync()));

    /// <summary>The running server.</summary>
    public static Task<PrivatePostgres> ServerAsync()
    {
        Needs.Program(NeededProgram.PostgreSql);
        return Shared.Value;
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
}
