using System.Globalization;
using Jackpot.Bench.Load;
using Jackpot.Bench.Measures;

namespace Jackpot.Bench.Stages;

/// <summary>P8 and P9: how long answers take at a fixed rate, and beside the naive server.</summary>
static class LatencyStage
{
    const int NaiveConnections = 64;
    const double Half = 0.5;

    internal static async Task RunAsync(BenchRun run)
    {
        if (run.Options.Wants("P8", "P8b"))
        {
            AtHalfOfPeak(run);
        }
        if (run.Options.Wants("P9"))
        {
            await BesideNaiveAsync(run);
        }
        await run.Money.RequireAsync("latency");
    }

    static void AtHalfOfPeak(BenchRun run)
    {
        var rate = run.Single.Median * Half;
        Series p95 = new("p95"), p99 = new("p99"), answered = new("answered");
        for (var round = 0; round < run.Options.Rounds; round++)
        {
            var result = run.Drive(run.Bed.Shard, BenchRun.HotSingles(run.Bed.Shard), run.Options.ShortTime, pace: Pace.Open(rate));
            p95.Add(result.PercentileMs(0.95));
            p99.Add(result.PercentileMs(0.99));
            answered.Add(result.PerSecond);
        }
        var detail = string.Create(CultureInfo.InvariantCulture,
            $"{rate:0}/s asked, {answered.Range}; p95 {p95.Min:0.0} to {p95.Max:0.0} ms, p99 {p99.Min:0.0} to {p99.Max:0.0} ms");
        run.Report.Add("P8", p95.Median, answered.Median, detail);
        run.Report.Add("P8b", p99.Median, answered.Median, detail);
        BenchRun.Say($"P8: {detail}");
    }

    static async Task BesideNaiveAsync(BenchRun run)
    {
        // A second of naive makes its tables anew.
        await run.Pgbench.NaiveAsync(1, TimeSpan.FromSeconds(1));
        Series naive = new("naive"), ours = new("ours"), naiveRate = new("naive"), ourRate = new("ours");
        for (var round = 0; round < run.Options.Rounds; round++)
        {
            var theirs = run.Drive(run.Bed.Baseline.Url, RequestSource.ForPath(run.Bed.Baseline.Url, "/naive"), run.Options.ShortTime, NaiveConnections, stores: false);
            var result = run.Drive(run.Bed.Shard, BenchRun.HotSingles(run.Bed.Shard), run.Options.ShortTime, NaiveConnections);
            naive.Add(theirs.PercentileMs(0.99));
            naiveRate.Add(theirs.PerSecond);
            ours.Add(result.PercentileMs(0.99));
            ourRate.Add(result.PerSecond);
        }
        var detail = string.Create(CultureInfo.InvariantCulture, $"p99 naive {naive.Median:0} ms, ours {ours.Median:0.0} ms; {naiveRate.Range}, {ourRate.Range}");
        run.Report.Add("P9", naive.Median / ours.Median, ourRate.Median, detail);
        BenchRun.Say($"P9: {detail}");
    }
}
