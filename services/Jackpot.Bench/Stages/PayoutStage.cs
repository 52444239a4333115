using System.Diagnostics;
using System.Globalization;
using Jackpot.Bench.Bed;
using Jackpot.Bench.Load;

namespace Jackpot.Bench.Stages;

/// <summary>P16: 50 drops a second over 200 jackpots, from the award's commit to the wallet's credit, as the shard's own rows tell it.</summary>
static class PayoutStage
{
    const int JackpotsCount = 200;
    const int Connections = 32;
    const double DropsPerSecond = 50;
    static readonly TimeSpan PaidDeadline = TimeSpan.FromSeconds(60);

    internal static async Task RunAsync(BenchRun run)
    {
        var ids = Enumerable.Range(0, JackpotsCount).Select(n => $"bench-eager-{n}").ToArray();
        await run.Jackpots.CreateAsync(ids.Select(id => (id, BenchJackpots.Eager(id))));
        var source = RequestSource.Singles(run.Bed.Shard, [.. ids.Select(BenchJackpots.PoolField)]);
        run.Drive(run.Bed.Shard, source, run.Options.WarmUpSlice * 2, Connections, Pace.Open(DropsPerSecond));
        await PaidAsync(run);
        var since = await run.Bed.ScalarAsync("SELECT clock_timestamp()::text");
        run.Drive(run.Bed.Shard, source, run.Options.ShortTime * 3, Connections, Pace.Open(DropsPerSecond));
        await PaidAsync(run);
        await run.Money.RequireAsync("payouts");

        var figures = (await run.Bed.ScalarAsync($"""
            SELECT concat_ws(' ', count(*), percentile_cont(0.5) WITHIN GROUP (ORDER BY ms), percentile_cont(0.95) WITHIN GROUP (ORDER BY ms), percentile_cont(0.99) WITHIN GROUP (ORDER BY ms))
            FROM (SELECT extract(epoch FROM p.changed_at - a.awarded_at) * 1000 AS ms
                  FROM award a JOIN payout p USING (award_id)
                  WHERE a.awarded_at > '{since}' AND p.state = 'credited') t
            """)).Split(' ').Select(text => double.Parse(text, CultureInfo.InvariantCulture)).ToArray();
        if (figures is not [> 0, ..])
        {
            run.Report.NotMeasured("P16", "no award was credited");
            return;
        }
        run.Report.Add("P16", figures[2], null, string.Create(CultureInfo.InvariantCulture, $"{figures[0]:0} payouts; p50 {figures[1]:0} ms, p99 {figures[3]:0} ms"));
    }

    static async Task PaidAsync(BenchRun run)
    {
        var clock = Stopwatch.StartNew();
        while (await run.Bed.ScalarAsync("SELECT count(*) FROM payout WHERE state IN ('requested', 'crediting')") != "0")
        {
            if (clock.Elapsed > PaidDeadline)
            {
                BenchRun.Say($"after {PaidDeadline.TotalSeconds} s some payouts are still open");
                return;
            }
            await Task.Delay(100);
        }
    }
}
