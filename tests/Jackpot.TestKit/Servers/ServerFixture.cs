using Xunit;

namespace Jackpot.TestKit.Servers;

/// <summary>A server for one test class, stopped with it. Where it comes from nowhere, the tests that ask for its address are skipped with the reason.</summary>
public abstract class ServerFixture(NeededServer server, Func<NeededServer, Task<ServerSource>> choose) : IAsyncLifetime
{
    RunningServer? _running;

    /// <summary>Where it comes from; read it in a test, not before the fixture has been initialised.</summary>
    public ServerSource Source { get; private set; } = new(Missing: "the fixture was not initialised");

    /// <summary>As <see cref="RunningServer.Address"/>.</summary>
    public string Address
    {
        get
        {
            Source.SkipIfMissing();
            return _running!.Address;
        }
    }

    /// <inheritdoc />
    public async ValueTask InitializeAsync()
    {
        Source = await choose(server);
        _running = Source.Missing is null ? await server.StartAsync(Source) : null;
    }

    /// <inheritdoc />
    public async ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        if (_running is not null)
        {
            await _running.DisposeAsync();
        }
    }
}

/// <summary>A RabbitMQ.</summary>
public sealed class RabbitFixture() : ServerFixture(NeededServer.RabbitMq, server => server.SourceAsync());

/// <summary>A RabbitMQ from a container, for the tests that prove it.</summary>
public sealed class RabbitContainerFixture() : ServerFixture(NeededServer.RabbitMq, server => server.ContainerSourceAsync());

/// <summary>A PostgreSQL from a container, for the tests that prove it.</summary>
public sealed class PostgresContainerFixture() : ServerFixture(NeededServer.PostgreSql, server => server.ContainerSourceAsync())
{
    /// <summary>Creates an empty database and answers its connection string.</summary>
    public Task<string> CreateDatabaseAsync() => new PostgresServer(Address).CreateDatabaseAsync($"test_{Guid.NewGuid():N}", cancellation: TestContext.Current.CancellationToken);
}
