namespace Jackpot.Bench.Stages;

/// <summary>Each design is measured with the number of clients that suits it best.</summary>
static class BestClients
{
    static readonly int[] Naive = [4, 8, 32];

    /// <summary>What P1 is defined for.</summary>
    static readonly int[] Singles = [64, 128, 256];

    /// <summary>The number of clients that naive is quickest with.</summary>
    internal static Task<int> OfNaiveAsync(BenchRun run) =>
        OfAsync(Naive, "naive, clients", clients => run.Pgbench.NaiveAsync(clients, run.Options.ShortTime));

    /// <summary>The number of connections that singles are quickest over.</summary>
    internal static Task<int> OfSinglesAsync(BenchRun run) => OfAsync(
        Singles, "single, connections",
        connections => Task.FromResult(run.Drive(run.Bed.Shard, BenchRun.HotSingles(run.Bed.Shard), run.Options.WarmUpSlice, connections).PerSecond));

    static async Task<int> OfAsync(int[] numbers, string what, Func<int, Task<double>> measureAsync)
    {
        var best = (Number: numbers[0], Rate: 0.0);
        foreach (var number in numbers)
        {
            var rate = await measureAsync(number);
            BenchRun.Say($"{what} {number}: {rate:0}/s");
            best = rate > best.Rate ? (number, rate) : best;
        }
        return best.Number;
    }
}
