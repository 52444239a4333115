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
    static readonly Lazy<Task<PrivatePostgres>> Shared = new(() => Task.Run(() => PrivatePostgres.StartAsync()));

    /// <summary>The running server.</summary>
    public static Task<PrivatePostgres> ServerAsync()
    {
        Needs.Program(NeededProgram.PostgreSql);
        return Shared.Value;
    }

    /// <summary>Creates an empty database and answers its connection string.</summary>
    public async Task<string> CreateDatabaseAsync() => await (await ServerAsync()).CreateDatabaseAsync(cancellation: Xunit.TestContext.Current.CancellationToken);
}
