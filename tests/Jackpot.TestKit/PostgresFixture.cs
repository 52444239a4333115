using Jackpot.LocalProcesses.Postgres;
using Xunit;

namespace Jackpot.TestKit;

/// <summary>One private PostgreSQL for a test class or collection; every test takes an empty database of its own.</summary>
public sealed class PostgresFixture : IAsyncLifetime
{
    PrivatePostgres? _server;

    /// <summary>The running server, for tests that kill and restart it.</summary>
    public PrivatePostgres Server => _server ?? throw new InvalidOperationException("The fixture has not been initialised.");

    /// <summary>Creates an empty database and answers its connection string.</summary>
    public Task<string> CreateDatabaseAsync() => Server.CreateDatabaseAsync(cancellation: TestContext.Current.CancellationToken);

    /// <inheritdoc />
    public async ValueTask InitializeAsync() => _server = await PrivatePostgres.StartAsync();

    /// <inheritdoc />
    public ValueTask DisposeAsync() => _server?.DisposeAsync() ?? ValueTask.CompletedTask;
}
