namespace Jackpot.Bench.Measures;

/// <summary>The table P1-P21 of the project's targets.</summary>
static class Targets
{
    internal static readonly Target[] All =
    [
        new("P1", "single, straight to the shard, one jackpot", "x", "naive", 6, 10),
        new("P2", "single, through the gateway (unsigned)", "x", "naive", 4, 6),
        new("P3", "single against a door that stores nothing", "x", "no-op", 0.35, 0.5),
        new("P4", "single with ~1 ms flush", "x", "naive, same flush", 20, 35),
        new("P5", "batches of 1,000, one jackpot", "x", "ceiling1", 0.45, 0.6),
        new("P6", "batches of 1,000, eight jackpots", "x", "ceiling2", 0.35, 0.6),
        new("P7", "single against Redis INCR, appendfsync always", "x", "redis", 0.25, 0.5),
        new("P8", "p95 at half of peak, open loop", "ms", null, 25, 10, LowerIsBetter: true),
        new("P8b", "p99 at half of peak, open loop", "ms", null, 60, 25, LowerIsBetter: true),
        new("P9", "p99 of naive over HTTP ÷ our p99, 64 connections", "x", "naive over HTTP", 20, 50),
        new("P10", "single over 1,000 jackpots, uniform", "x", "P1", 0.7, 0.85),
        new("P10b", "single over 10,000 jackpots, Zipf", "x", "P1", 0.7, 0.85),
        new("P11", "single into a jackpot of three tiers", "x", "P1", 0.7, 0.85),
        new("P12", "single with 10 % duplicates", "x", "P1", 0.9, 0.95),
        new("P12b", "single with 50 % duplicates", "x", "P1", 0.7, 0.85),
        new("P13", "single with 50 million rows stored", "x", "P1", 0.9, 0.95),
        new("P14", "WAL per contribution", "bytes", null, 600, 400, LowerIsBetter: true),
        new("P15", "CPU per million contributions, all but the client", "s", null, 120, 70, LowerIsBetter: true),
        new("P16", "trigger to credited, p95, 50 drops a second", "ms", null, 500, 150, LowerIsBetter: true),
        new("P17", "commit to subscriber, p95", "ms", null, 250, 50, LowerIsBetter: true),
        new("P18", "widget fan-out", "x", "bare hub", 0.6, 0.8),
        new("P19", "kill -9 of the shard to the first accepted", "s", null, 5, 2, LowerIsBetter: true),
        new("P19b", "kill -9 of PostgreSQL to the first accepted", "s", null, 8, 3, LowerIsBetter: true),
        new("P20", "goodput at three times the peak", "x", "P1", 0.8, 0.95),
        new("P21", "cost of one safety feature", "%", "P1", 8, 4, LowerIsBetter: true),
    ];

    internal static Target Of(string id) => All.Single(target => target.Id == id);
}
