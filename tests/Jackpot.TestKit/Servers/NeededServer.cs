using Jackpot.LocalProcesses.Programs;

namespace Jackpot.TestKit.Servers;

/// <summary>A server that tests use and the two ways to have it. Where it comes from is decided once per test program.</summary>
public sealed class NeededServer
{
    readonly Lazy<Task<ServerSource>> _source;
    readonly Lazy<Task<ServerSource>> _container;
    readonly string _image;
    readonly Func<Task<RunningServer>> _startProgram;
    readonly Func<ServerSource, Task<RunningServer>> _startContainer;

    NeededServer(NeededProgram program, string image, Func<Task<RunningServer>> startProgram, Func<ServerSource, Task<RunningServer>> startContainer)
    {
        _image = image;
        _startProgram = startProgram;
        _startContainer = startContainer;
        _source = new(() => ServerSource.ChooseAsync(program, Image, containersOnly: false));
        _container = new(() => ServerSource.ChooseAsync(program, Image, containersOnly: true));
    }

    /// <summary>Its address is the connection string of the database "postgres".</summary>
    public static NeededServer PostgreSql { get; } = new(NeededProgram.PostgreSql, "postgres", PostgresServer.StartProgramAsync, PostgresServer.StartContainerAsync);

    /// <summary>Its address is an amqp:// URL.</summary>
    public static NeededServer RabbitMq { get; } = new(NeededProgram.RabbitMq, "rabbitmq", RabbitServer.StartProgramAsync, RabbitServer.StartContainerAsync);

    /// <summary>Its address is host:port.</summary>
    public static NeededServer Redis { get; } = new(NeededProgram.Redis, "redis", RedisServer.StartProgramAsync, RedisServer.StartContainerAsync);

    /// <summary>Name of its container image.</summary>
    public string Image => ContainerImage.Of(_image);

    /// <summary>Where it comes from in this run.</summary>
    public Task<ServerSource> SourceAsync() => _source.Value;

    /// <summary>The same for a test that proves the containers themselves: a container or nothing.</summary>
    public Task<ServerSource> ContainerSourceAsync() => _container.Value;

    /// <summary>Starts one; the source must not be missing.</summary>
    public async Task<RunningServer> StartAsync(ServerSource source)
    {
        if (source.Engine is null)
        {
            return await _startProgram();
        }
        await ServerContainer.PrepareAsync(source);
        return await _startContainer(source);
    }
}
