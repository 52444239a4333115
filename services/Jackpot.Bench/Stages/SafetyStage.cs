using System.Globalization;
using Jackpot.Bench.Bed;
using Jackpot.Bench.Load;
using Jackpot.Bench.Measures;

namespace Jackpot.Bench.Stages;

/// <summary>
/// P21: what one safety feature costs, as the rate that P1 would gain without it. All variants are jackpots of the same running shard, so
/// that they take turns within seconds. A jackpot that drops by an external trigger alone draws nothing; the shard leaves out chain or outbox only for
/// jackpots of these names, and only because the benchmark started it.
/// </summary>
static class SafetyStage
{
    const string WithoutDraw = "bench-without-draw";
    const string WithoutChain = "bench-without-chain";
    const string WithoutOutbox = "bench-without-outbox";

    internal static async Task RunAsync(BenchRun run)
    {
        Variant[] variants = [new("P21", WithoutDraw), new("P21b", WithoutChain), new("P21c", WithoutOutbox)];
        await run.Jackpots.CreateAsync(
        [
            (WithoutDraw, BenchJackpots.ByTrigger(WithoutDraw)),
            (WithoutChain, BenchJackpots.Rare(WithoutChain)),
            (WithoutOutbox, BenchJackpots.Rare(WithoutOutbox)),
        ]);
        var all = new Series("with everything");
        foreach (var variant in variants)
        {
            run.Drive(run.Bed.Shard, variant.Source(run.Bed.Shard), run.Options.WarmUpSlice);
        }
        await RequireEffectAsync(run);
        for (var round = 1; round <= run.Options.ManyRounds; round++)
        {
            all.Add(run.Drive(run.Bed.Shard, BenchRun.HotSingles(run.Bed.Shard), run.Options.ShortTime).PerSecond);
            foreach (var variant in variants)
            {
                variant.Rates.Add(run.Drive(run.Bed.Shard, variant.Source(run.Bed.Shard), run.Options.ShortTime).PerSecond);
            }
            BenchRun.Say($"round {round}: {all.Range}, {string.Join(", ", variants.Select(variant => variant.Rates.Range))}");
        }
        await run.Money.RequireAsync("the cost of safety");
        foreach (var variant in variants)
        {
            // How much slower it is with the feature than without.
            run.Report.Add(variant.Id, (1 - (all.Median / variant.Rates.Median)) * 100, variant.Rates.Median, $"{variant.Rates.Range}; {all.Range}");
        }
        run.Report.NotMeasured("P21d", "there are no signatures yet");
        run.Report.NotMeasured("P21e", "there are no receipts yet");
    }

    /// <summary>A figure for a feature that was not off would look good and mean nothing.</summary>
    static async Task RequireEffectAsync(BenchRun run)
    {
        var chained = await run.Bed.ScalarAsync($"""
            SELECT count(*) FROM batch b JOIN jackpot j ON j.id = b.jackpot
            WHERE j.jackpot_id = '{WithoutChain}' AND b.root <> decode(repeat('00', 32), 'hex')
            """);
        var before = await OutboxRowsAsync(run);
        run.Drive(run.Bed.Shard, new Variant("P21c", WithoutOutbox).Source(run.Bed.Shard), run.Options.WarmUpSlice);
        var published = await OutboxRowsAsync(run) - before;
        if (chained != "0" || published != 0)
        {
            throw new InvalidOperationException($"The switches of P21 have no effect: {chained} batches were chained and {published} outbox rows written where none should be.");
        }
    }

    static async Task<long> OutboxRowsAsync(BenchRun run) => long.Parse(
        await run.Bed.ScalarAsync("SELECT coalesce(last_value, 0) FROM pg_sequences WHERE sequencename = 'outbox_id_seq'"), CultureInfo.InvariantCulture);

    sealed record Variant(string Id, string Jackpot)
    {
        internal Series Rates { get; } = new(Jackpot["bench-".Length..].Replace('-', ' '));

        internal RequestSource Source(Uri shard) => RequestSource.Singles(shard, [BenchJackpots.PoolField(Jackpot)]);
    }
}
