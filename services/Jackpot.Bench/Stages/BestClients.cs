namespace Jackpot.Bench.Stages;

/// <summary>Each design is measured with the number of clients that suits it best.</summary>
static class BestClients
{
    static readonly int[] Naive = [4, 8, 32];

    /// <summary>What P1 is defined for.</summary>
    static readonly int[] Singles = [64, 128, 256];

    /// <summary>The number of clients that naive is quickest with.</summary>
    internal static async Task<int> OfNaiveAsync(BenchRun run)
    {
        var best = (Clients: 0, Rate: 0.0);
        foreach (var clients in Naive)
        {
            var rate = await run.Pgbench.NaiveAsync(clients, run.Options.ShortTime);
            BenchRun.Say($"naive with {clients} clients: {rate:0}/s");
            best = rate > best.Rate ? (clients, rate) : best;
        }
        return best.Clients;
    }

    /// <summary>The number of connections that singles are quickest over.</summary>
    internal static int OfSingles(BenchRun run)
    {
        var best = (Connections: run.Connections, Rate: 0.0);
        foreach (var connections in Singles)
        {
            var rate = run.Drive(run.Bed.Shard, BenchRun.HotSingles(run.Bed.Shard), run.Options.WarmUpSlice, connections).PerSecond;
            BenchRun.Say($"single over {connections} connections: {rate:0}/s");
            best = rate > best.Rate ? (connections, rate) : best;
        }
        return best.Connections;
    }
}
