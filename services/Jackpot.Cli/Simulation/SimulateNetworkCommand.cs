using System.Collections.Concurrent;
using System.Diagnostics;
using System.Text;
using System.Text.Json;
using Jackpot.Core.Simulation;
using Jackpot.Core.Simulation.Network;

namespace Jackpot.Cli.Simulation;

/// <summary>`jackpot simulate network`: a network jackpot through many runs of faults, each decided by its seed.</summary>
static class SimulateNetworkCommand
{
    internal const string Name = "network";

    /// <summary>Runs with violations that are told in full.</summary>
    const int ToldMax = 20;

    const int SeedsDefault = 10_000;
    const int SeedsMax = 100_000_000;

    internal static async Task<int> RunAsync(string[] args, CancellationToken stop)
    {
        var arguments = Arguments.Parse(args, ["--seeds", "--seed"], []);
        var first = arguments.Number("--seed", 0, int.MaxValue - SeedsMax);
        var seeds = arguments.Number("--seeds", 1, SeedsMax) ?? (first is null ? SeedsDefault : 1);
        var clock = Stopwatch.StartNew();
        var (told, broken) = await Task.Run(() => Simulate(first ?? 0, seeds, stop), stop);
        await Console.Out.WriteAsync(told);
        await Console.Error.WriteLineAsync(FormattableString.Invariant(
            $"simulated {seeds / clock.Elapsed.TotalSeconds:N0} runs a second on {Environment.ProcessorCount} cores; --seed N repeats one"));
        return broken == 0 ? ExitCodes.Done : ExitCodes.Failed;
    }

    /// <summary>What is printed, and how many runs broke a rule.</summary>
    internal static (string Told, int Broken) Simulate(int first, int seeds, CancellationToken stop)
    {
        var (events, broken) = Play(first, seeds, stop);
        return (Told(first, seeds, events, broken), broken.Length);
    }

    static (long[] Events, (int Seed, NetworkReport Report)[] Broken) Play(int first, int seeds, CancellationToken stop)
    {
        var events = new long[Enum.GetValues<NetworkEvent>().Length];
        var broken = new ConcurrentBag<(int Seed, NetworkReport Report)>();
        Parallel.For(first, first + seeds, new ParallelOptions { CancellationToken = stop }, seed =>
        {
            var report = NetworkSimulator.Run(new NetworkPlan(), new SeededBits(seed, 0).Next);
            for (var i = 0; i < events.Length; i++)
            {
                Interlocked.Add(ref events[i], report.Events[i]);
            }

            if (!report.Violations.IsEmpty)
            {
                broken.Add((seed, report));
            }
        });
        return (events, [.. broken.OrderBy(run => run.Seed)]);
    }

    static string Told(int first, int seeds, long[] events, (int Seed, NetworkReport Report)[] broken)
    {
        var text = new StringBuilder();
        text.AppendLine(FormattableString.Invariant($"{seeds:N0} runs of three shards, seeds {first} to {first + seeds - 1}: {broken.Length:N0} with violations"));
        foreach (var (seed, report) in broken.Take(ToldMax))
        {
            text.AppendLine(FormattableString.Invariant($"  seed {seed}: {string.Join("; ", report.Violations)}"));
        }

        foreach (var what in Enum.GetValues<NetworkEvent>())
        {
            text.AppendLine(FormattableString.Invariant($"  {Words(what),-24} {events[(int)what],16:N0}"));
        }

        return text.ToString();
    }

    static string Words(NetworkEvent what) => JsonNamingPolicy.SnakeCaseLower.ConvertName(what.ToString()).Replace('_', ' ');
}
