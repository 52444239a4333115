using System.Globalization;
using Jackpot.Bench.Load;

namespace Jackpot.Bench.Stages;

/// <summary>P8, P9, P20: how long answers take at a fixed rate, beside the naive server, and far above the peak.</summary>
static class LatencyStage
{
    const int NaiveConnections = 64;
    const int OverloadConnections = 1_024;
    const double Half = 0.5;
    const double Overload = 3;

    internal static async Task RunAsync(BenchRun run)
    {
        var peak = Peak(run);
        if (run.Options.Wants("P8"))
        {
            var result = run.Drive(run.Bed.Shard, BenchRun.HotSingles(run.Bed.Shard), run.Options.RunTime * 2, rate: peak * Half);
            var detail = string.Create(CultureInfo.InvariantCulture, $"{peak * Half:0}/s asked, {result.PerSecond:0}/s answered; p50 {result.PercentileMs(0.5):0.0} ms, max {result.PercentileMs(1):0} ms");
            run.Report.Add("P8", result.PercentileMs(0.95), result.PerSecond, detail);
            run.Report.Add("P8b", result.PercentileMs(0.99), result.PerSecond, detail);
            BenchRun.Say($"P8: {detail}");
        }
        if (run.Options.Wants("P9"))
        {
            await run.Pgbench.NaiveAsync(1, TimeSpan.FromSeconds(1));
            var naive = run.Drive(run.Bed.BaselineUrl, RequestSource.ForPath(run.Bed.BaselineUrl, "/naive"), connections: NaiveConnections, stores: false);
            var ours = run.Drive(run.Bed.Shard, BenchRun.HotSingles(run.Bed.Shard), connections: NaiveConnections);
            run.Report.Add("P9", naive.PercentileMs(0.99) / ours.PercentileMs(0.99), ours.PerSecond, string.Create(CultureInfo.InvariantCulture,
                $"naive p99 {naive.PercentileMs(0.99):0} ms at {naive.PerSecond:0}/s, ours {ours.PercentileMs(0.99):0.0} ms at {ours.PerSecond:0}/s"));
        }
        if (run.Options.Wants("P20"))
        {
            var result = run.Drive(run.Bed.Shard, BenchRun.HotSingles(run.Bed.Shard), connections: OverloadConnections, rate: peak * Overload);
            run.Report.Add("P20", result.PerSecond / peak, result.PerSecond, string.Create(CultureInfo.InvariantCulture,
                $"{peak * Overload:0}/s asked over {OverloadConnections} connections, {result.PerSecond:0}/s accepted, {result.Refused} refused, {result.Unanswered} unanswered"));
        }
        await run.Money.RequireAsync("latency and overload");
    }

    /// <summary>P1's median, or a run of its own when P1 was not asked for.</summary>
    static double Peak(BenchRun run)
    {
        if (run.Single.IsEmpty)
        {
            run.Drive(run.Bed.Shard, BenchRun.HotSingles(run.Bed.Shard), run.Options.WarmUp);
            run.Single.Add(run.Drive(run.Bed.Shard, BenchRun.HotSingles(run.Bed.Shard)).PerSecond);
        }
        return run.Single.Median;
    }
}
