using Xunit;

namespace Jackpot.TestKit.Servers;

/// <summary>A server for one test class, stopped with it. Where it comes from nowhere, the tests that ask for its address are skipped with the reason.</summary>
public abstract class ServerFixture(NeededServer server, Func<NeededServer, Task<ServerSource>> choose) : IAsyncLifetime
{
    RunningServer? _running;

    /// <summary>The server itself.</summary>
    protected RunningServer Running => _running ?? throw new InvalidOperationException("the server does not run");

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
public sealed class RabbitFixture() : ServerFixture(NeededServer.RabbitMq, server => server.SourceAsync())
{
    /// <summary>Makes a virtual host for each place, with an account that may use that one alone; answers their addresses.</summary>
    public async Task<IReadOnlyDictionary<string, string>> CreatePlacesAsync(params string[] places)
    {
        string Text(string text) => $"<<\"{text}\">>";
        var steps = places.Select(place => $"""
            rabbit_vhost:add({Text(place)}, {Text("test")}), ok = rabbit_auth_backend_internal:add_user({Text(place)}, {Text("of-" + place)}, {Text("test")}),
            ok = rabbit_auth_backend_internal:set_permissions({Text(place)}, {Text(place)}, {Text(".*")}, {Text(".*")}, {Text(".*")}, {Text("test")})
            """);
        await Running.ControlAsync!(["eval", string.Join(", ", steps) + "."]);
        var server = new Uri(Address).Authority;
        return places.ToDictionary(place => place, place => $"amqp://{place}:of-{place}@{server}/{place}");
    }
}

/// <summary>A Redis.</summary>
public sealed class RedisFixture() : ServerFixture(NeededServer.Redis, server => server.SourceAsync());

/// <summary>A RabbitMQ from a container, for the tests that prove it.</summary>
public sealed class RabbitContainerFixture() : ServerFixture(NeededServer.RabbitMq, server => server.ContainerSourceAsync());

/// <summary>A PostgreSQL from a container, for the tests that prove it.</summary>
public sealed class PostgresContainerFixture() : ServerFixture(NeededServer.PostgreSql, server => server.ContainerSourceAsync())
{
    /// <summary>Creates an empty database and answers its connection string.</summary>
    public Task<string> CreateDatabaseAsync() => new PostgresServer(Address).CreateDatabaseAsync($"test_{Guid.NewGuid():N}", cancellation: TestContext.Current.CancellationToken);
}
