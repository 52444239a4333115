using Jackpot.LocalProcesses;
using Testcontainers.Redis;

namespace Jackpot.TestKit.Servers;

/// <summary>A Redis that keeps nothing on disk.</summary>
static class RedisServer
{
    static readonly TimeSpan StartTimeMax = TimeSpan.FromSeconds(30);

    internal static async Task<RunningServer> StartProgramAsync()
    {
        var port = FreePort.Next();
        var server = ChildProcess.Start("redis-server", ["--port", $"{port}", "--bind", "127.0.0.1", "--save", "", "--dir", Path.GetTempPath()]);
        await server.PrintedAsync("Ready to accept connections", StartTimeMax);
        return new($"127.0.0.1:{port}", server.DisposeAsync);
    }

    internal static async Task<RunningServer> StartContainerAsync(ServerSource source)
    {
        var container = await ServerContainer.StartAsync(new RedisBuilder(source.Image!), source);
        return new(container.GetConnectionString(), container.DisposeAsync);
    }
}
