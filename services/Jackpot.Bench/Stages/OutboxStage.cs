using System.Diagnostics;
using System.Globalization;
using Jackpot.Bench.Bed;
using Jackpot.Bench.Measures;

namespace Jackpot.Bench.Stages;

/// <summary>
/// P17: how long after a commit a subscriber hears of it while P1's load runs, whether it hears of every contribution, and how fast a
/// backlog drains. The backlog's rows name a batch that was told of before: events may come again, so nobody counts it twice.
/// </summary>
static class OutboxStage
{
    static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    /// <summary>Seconds of peak inflow that the backlog is worth.</summary>
    const int BacklogSeconds = 20;

    const string Watched = "bench-watched";

    internal static async Task RunAsync(BenchRun run)
    {
        await run.Jackpots.CreateAsync([(Watched, BenchJackpots.Rare(Watched))]);
        run.Probe.Listen();
        await UntilAsync(() => Task.FromResult(run.Probe.IsSubscribed), "the sidecar did not ask the subscriber for its subscriptions");
        await UntilAsync(() => IsPublishedAsync(run), "the subscriber was told of nothing");

        run.Probe.Reset();
        var alreadyStored = await StoredAsync(run);
        Series inflow = new("rows"), rates = new("single");
        for (var round = 0; round < run.Options.Rounds; round++)
        {
            var before = await LastRowAsync(run);
            var result = run.Drive(run.Bed.Shard, Load.RequestSource.Singles(run.Bed.Shard, [BenchJackpots.PoolField(Watched)]), run.Options.ShortTime);
            inflow.Add((await LastRowAsync(run) - before) / result.Duration.TotalSeconds);
            rates.Add(result.PerSecond);
        }
        await UntilAsync(async () => run.Probe.ContributionsOf(Watched, alreadyStored) == await StoredAsync(run) - alreadyStored, "the subscriber was not told of every contribution");
        await run.Money.RequireAsync("outbox");

        var published = await StoredAsync(run) - alreadyStored;
        var latencies = run.Probe.LatenciesMs(Watched);
        double At(double share) => latencies[(int)(latencies.Length * share)];
        run.Report.Add("P17", At(0.95), rates.Median, string.Create(CultureInfo.InvariantCulture,
            $"{latencies.Length} updates at {rates.Range}; p50 {At(0.5):0} ms, p99 {At(0.99):0} ms; told of every one of {published} contributions"));
        BenchRun.Say($"P17: p95 {At(0.95):0} ms");
        await DrainAsync(run, inflow);
    }

    /// <summary>Sends bets, and tells whether the subscriber hears of any: before the broker knows its subscription it does not.</summary>
    static async Task<bool> IsPublishedAsync(BenchRun run)
    {
        var before = await StoredAsync(run);
        run.Drive(run.Bed.Shard, Load.RequestSource.Singles(run.Bed.Shard, [BenchJackpots.PoolField(Watched)]), run.Options.WarmUpSlice);
        await DrainedAsync(run);
        return run.Probe.ContributionsOf(Watched, before) > 0;
    }

    static async Task DrainAsync(BenchRun run, Series inflow)
    {
        var drained = new Series("drained");
        var rows = Math.Max(1_000, (long)(inflow.Max * BacklogSeconds));
        for (var round = 0; round < run.Options.Rounds; round++)
        {
            // What a commit of the hottest jackpot writes, many times over, in one transaction.
            await run.Bed.ScalarAsync($$"""
                INSERT INTO outbox (kind, payload)
                SELECT 'jp.contribution.recorded', jsonb_build_object('shard', 'eu-mt-1', 'batches', jsonb_build_array(jsonb_build_object(
                    'jackpot_id', '{{Watched}}', 'first_sequence', b.first_sequence, 'count', b.count,
                    'contributions', jsonb_build_object('amount', 1.00, 'currency', 'EUR'),
                    'pools', jsonb_build_array(jsonb_build_object('pool_id', '{{Watched}}-0', 'cycle', 1, 'amount', jsonb_build_object('amount', 1000.00, 'currency', 'EUR'))))))::text
                FROM (SELECT first_sequence, count FROM batch JOIN jackpot j ON j.id = batch.jackpot WHERE j.jackpot_id = '{{Watched}}' LIMIT 1) b, generate_series(1, {{rows}})
                """);
            var clock = Stopwatch.StartNew();
            await DrainedAsync(run);
            drained.Add(rows / clock.Elapsed.TotalSeconds);
        }
        run.Report.Add("P17b", drained.Median / inflow.Max, drained.Median, $"{drained.Range}; peak inflow {inflow.Max.ToString("#,0", CultureInfo.InvariantCulture)} rows/s");
        BenchRun.Say($"P17b: {drained.Range}");
    }

    static Task DrainedAsync(BenchRun run) =>
        UntilAsync(async () => await run.Bed.ScalarAsync("SELECT count(*) FROM (SELECT 1 FROM outbox LIMIT 1) o") == "0", "the outbox did not drain");

    static async Task<long> StoredAsync(BenchRun run) => long.Parse(
        await run.Bed.ScalarAsync($"SELECT s.sequence FROM jackpot_state s JOIN jackpot j USING (id) WHERE j.jackpot_id = '{Watched}'"), CultureInfo.InvariantCulture);

    static async Task<long> LastRowAsync(BenchRun run) => long.Parse(
        await run.Bed.ScalarAsync("SELECT last_value FROM pg_sequences WHERE sequencename = 'outbox_id_seq'"), CultureInfo.InvariantCulture);

    static async Task UntilAsync(Func<Task<bool>> condition, string otherwise)
    {
        var clock = Stopwatch.StartNew();
        while (!await condition())
        {
            if (clock.Elapsed > Patience)
            {
                throw new InvalidOperationException($"After {Patience.TotalSeconds} s {otherwise}.");
            }
            await Task.Delay(20);
        }
    }
}
