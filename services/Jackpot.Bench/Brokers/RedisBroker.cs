using System.Diagnostics;
using Jackpot.LocalProcesses;

namespace Jackpot.Bench.Brokers;

/// <summary>The distribution's Redis, every write flushed before it is acknowledged; a server for each place.</summary>
static class RedisBroker
{
    internal static async Task<StreamBroker> StartAsync()
    {
        var folder = Directory.CreateTempSubdirectory("jackpot-redis-").FullName;
        var (region, between) = (await ServerAsync(folder, "region"), await ServerAsync(folder, "between"));
        return new("redis", StreamBroker.VariablesOf($"127.0.0.1:{region.Port}", $"127.0.0.1:{between.Port}"), StopAsync);

        async ValueTask StopAsync()
        {
            await StreamBroker.EndAsync(region.Process);
            await StreamBroker.EndAsync(between.Process);
            Directory.Delete(folder, recursive: true);
        }
    }

    static async Task<(Process Process, int Port)> ServerAsync(string folder, string place)
    {
        var port = FreePort.Next();
        var data = Directory.CreateDirectory(Path.Combine(folder, place)).FullName;
        return (await StreamBroker.StartAsync(
            "redis-server", ["--port", $"{port}", "--bind", "127.0.0.1", "--dir", data, "--appendonly", "yes", "--appendfsync", "always", "--save", ""],
            "Ready to accept connections"), port);
    }
}
