using System.Diagnostics;
using System.Globalization;
using System.Text.RegularExpressions;
using Jackpot.LocalProcesses;

namespace Jackpot.Bench.Baselines;

/// <summary>INCR on the distribution's Redis, every write flushed before it is acknowledged, 50 clients.</summary>
static partial class Redis
{
    static readonly TimeSpan StopDeadline = TimeSpan.FromSeconds(10);

    [GeneratedRegex(@"INCR: (?<rate>[0-9.]+) requests per second")]
    private static partial Regex Rate { get; }

    internal static bool IsInstalled => Tool.Exists("redis-server") && Tool.Exists("redis-benchmark");

    internal static async Task<double> IncrementsPerSecondAsync(int requests)
    {
        var folder = Directory.CreateTempSubdirectory("jackpot-redis-").FullName;
        var port = FreePort.Next();
        using var server = Process.Start(new ProcessStartInfo(
            "redis-server", ["--port", $"{port}", "--bind", "127.0.0.1", "--dir", folder, "--appendonly", "yes", "--appendfsync", "always", "--save", ""])
        { RedirectStandardOutput = true })!;
        server.BeginOutputReadLine();
        try
        {
            while (FreePort.IsFree(port) && !server.HasExited)
            {
                await Task.Delay(20);
            }
            var output = await Tool.RunAsync("redis-benchmark", ["-h", "127.0.0.1", "-p", $"{port}", "-t", "incr", "-c", "50", "-n", $"{requests}", "-q"]);
            return double.Parse(Rate.Matches(output)[^1].Groups["rate"].Value, CultureInfo.InvariantCulture);
        }
        finally
        {
            UnixSignal.Send(server.Id, UnixSignal.Terminate);
            using var limit = new CancellationTokenSource(StopDeadline);
            await server.WaitForExitAsync(limit.Token);
            Directory.Delete(folder, recursive: true);
        }
    }
}
