using System.Net.Sockets;
using Jackpot.LocalDapr.Components;
using Npgsql;

namespace Jackpot.LocalDapr.Sidecars;

/// <summary>The process from its command line to its exit code: 0 after SIGTERM, 1 unexpected, 2 a bad file or unreachable database, 3 a port in use.</summary>
static class LocalDaprProcess
{
    const string Usage = "usage: Jackpot.LocalDapr --sidecars <file.json>";

    public static async Task<int> RunAsync(string[] args)
    {
        if (args is not ["--sidecars", var path])
        {
            await Console.Error.WriteLineAsync(Usage);
            return 2;
        }
        try
        {
            var file = SidecarsFile.Read(path);
            await using var app = LocalDaprHost.Build(file);
            var node = app.Services.GetRequiredService<Node>();
            // RunAsync disposes the services when it ends, so what is asked afterwards is taken out before.
            var service = app.Services.GetRequiredService<NodeService>();
            await node.OpenAsync(CancellationToken.None);
            await app.RunAsync();
            return service.Failed ? 1 : 0;
        }
        catch (ResourceFault fault)
        {
            await Console.Error.WriteLineAsync(fault.Message);
            return 2;
        }
        catch (NpgsqlException unreachable)
        {
            await Console.Error.WriteLineAsync($"PostgreSQL cannot be used: {unreachable.Message}");
            return 2;
        }
        catch (IOException inUse) when (inUse.InnerException is SocketException or Microsoft.AspNetCore.Connections.AddressInUseException || inUse.Message.Contains("address already in use", StringComparison.Ordinal))
        {
            await Console.Error.WriteLineAsync(inUse.Message);
            return 3;
        }
    }
}
