using System.Globalization;
using Jackpot.Bench.Bed;
using Jackpot.Bench.Load;
using Jackpot.Bench.Measures;

namespace Jackpot.Bench.Stages;

/// <summary>
/// P20: three times the peak is asked. The connections are more than a jackpot's queue holds, so that the shard must refuse; the peak is
/// the best that the same load generator reaches in a closed loop, over as many connections or over P1's.
/// </summary>
static class OverloadStage
{
    const double Times = 3;
    static readonly TimeSpan AnswerLimit = TimeSpan.FromSeconds(1);

    internal static async Task RunAsync(BenchRun run)
    {
        var connections = run.Options.OverloadConnections;
        Series few = new($"{run.Connections} connections"), many = new($"{connections} connections"), overloaded = new("accepted"), sent = new("sent"), good = new("good");
        run.Drive(run.Bed.Shard, BenchRun.HotSingles(run.Bed.Shard), run.Options.WarmUpSlice, connections);
        var memory = ProcessMemory.ResidentMegabytes(run.Bed.ShardProcessId);
        var (refused, notSent) = (0L, 0L);
        for (var round = 0; round < run.Options.Rounds; round++)
        {
            few.Add(run.Drive(run.Bed.Shard, BenchRun.HotSingles(run.Bed.Shard), run.Options.ShortTime).PerSecond);
            many.Add(run.Drive(run.Bed.Shard, BenchRun.HotSingles(run.Bed.Shard), run.Options.ShortTime, connections).PerSecond);
            var asked = Math.Max(few.Median, many.Median) * Times;
            var result = run.Drive(run.Bed.Shard, BenchRun.HotSingles(run.Bed.Shard), run.Options.ShortTime, connections, Pace.Overload(asked));
            overloaded.Add(result.PerSecond);
            sent.Add(result.SentPerSecond);
            good.Add(result.AnsweredWithin(AnswerLimit) * 100);
            refused += result.ToComeAgain;
            notSent += result.NotSent;
        }
        var after = ProcessMemory.ResidentMegabytes(run.Bed.ShardProcessId);
        await run.Money.RequireAsync("overload");

        var peak = Math.Max(few.Median, many.Median);
        var detail = string.Create(CultureInfo.InvariantCulture,
            $"{peak * Times:0}/s asked; {sent.Range}, {overloaded.Range}; peaks {few.Range}, {many.Range}; {refused} told to come again, {notSent} turns found no free connection");
        run.Report.Add("P20", overloaded.Median / peak, overloaded.Median, detail);
        run.Report.Add("P20b", good.Median, null, string.Create(CultureInfo.InvariantCulture, $"{good.Min:0.00} to {good.Max:0.00} %"));
        run.Report.Add("P20c", after - memory, null, string.Create(CultureInfo.InvariantCulture, $"{memory:0} MB before, {after:0} MB after {run.Options.Rounds} rounds"));
        BenchRun.Say($"P20: {detail}");
    }
}
