namespace Jackpot.Bench.Measures;

/// <summary>The table P1-P22 of the project's targets.</summary>
static class Targets
{
    internal static readonly Target[] All =
    [
        new("P1", "single", "single, straight to the shard, one jackpot", "x", "naive", 6, 10),
        new("P2", "gateway", "single, through the gateway (unsigned)", "x", "naive", 4, 6),
        new("P3", "single_vs_noop", "single against the same endpoint storing nothing", "x", "same endpoint", 0.35, 0.5),
        new("P4", "single_slow_flush", "single with ~1 ms flush", "x", "naive, same flush", 20, 35),
        new("P5", "batch", "batches of 1,000, one jackpot", "x", "ceiling1", 0.45, 0.6),
        new("P6", "batch_8_jackpots", "batches of 1,000, eight jackpots", "x", "ceiling2", 0.35, 0.6),
        new("P7", "single_vs_redis", "single against Redis INCR, appendfsync always", "x", "redis", 0.25, 0.5),
        new("P8", "latency_p95", "p95 at half of peak, open loop", "ms", null, 25, 10, LowerIsBetter: true),
        new("P8b", "latency_p99", "p99 at half of peak, open loop", "ms", null, 60, 25, LowerIsBetter: true),
        new("P9", "tail_vs_naive", "p99 of naive over HTTP ÷ our p99, 64 connections", "x", "naive over HTTP", 20, 50),
        new("P10", "jackpots_1000", "single over 1,000 jackpots, uniform", "x", "P1", 0.7, 0.85),
        new("P10b", "jackpots_10000", "single over 10,000 jackpots, Zipf", "x", "P1", 0.7, 0.85),
        new("P11", "tiers_3", "single into a jackpot of three tiers", "x", "P1", 0.7, 0.85),
        new("P12", "duplicates_10", "single with 10 % duplicates", "x", "P1", 0.9, 0.95),
        new("P12b", "duplicates_50", "single with 50 % duplicates", "x", "P1", 0.7, 0.85),
        new("P13", "grown", "single with 50 million rows stored", "x", "P1", 0.9, 0.95),
        new("P14", "wal_bytes", "WAL per contribution", "bytes", null, 600, 400, LowerIsBetter: true),
        new("P15", "cpu", "CPU per million contributions, all but the client", "s", null, 120, 70, LowerIsBetter: true),
        new("P16", "payout_p95", "trigger to credited, p95, 50 drops a second", "ms", null, 500, 150, LowerIsBetter: true),
        new("P17", "outbox_p95", "commit to subscriber, p95", "ms", null, 250, 50, LowerIsBetter: true),
        new("P17b", "outbox_drain", "outbox drain rate", "x", "peak inflow", 2, 4),
        new("P18", "widget_fanout", "widget fan-out", "x", "bare hub", 0.6, 0.8),
        new("P19", "restart_shard", "kill -9 of the shard to the first accepted", "s", null, 5, 2, LowerIsBetter: true),
        new("P19b", "restart_postgres", "kill -9 of PostgreSQL to the first accepted", "s", null, 8, 3, LowerIsBetter: true),
        new("P20", "overload_goodput", "accepted at three times the peak", "x", "peak at the same connections", 0.8, 0.95),
        new("P20b", "overload_answered", "overload: answered 200, or 503 with Retry-After, within 1 s", "%", null, 99, 99.9),
        new("P20c", "overload_memory", "overload: growth of the shard's memory", "MB", null, 256, 128, LowerIsBetter: true),
        new("P21", "cost_draw", "cost of the draw", "%", "P1 without", 8, 4, LowerIsBetter: true),
        new("P21b", "cost_chain", "cost of the hash chain (leaves, Merkle root, head)", "%", "P1 without", 8, 4, LowerIsBetter: true),
        new("P21c", "cost_outbox", "cost of the outbox (row, relay, broker)", "%", "P1 without", 8, 4, LowerIsBetter: true),
        new("P21d", "cost_signature", "cost of the signature", "%", "P1 without", 8, 4, LowerIsBetter: true),
        new("P21e", "cost_receipts", "cost of receipts", "%", "P1 without", 8, 4, LowerIsBetter: true),
        new("P22", "streamed_local", "bets streamed to recorded, local broker", "x", "P2", 0.6, 1),
        new("P22b", "streamed_rabbitmq", "bets streamed to recorded, RabbitMQ", "x", "P2", 0.15, 0.3),
        new("P22c", "streamed_redis", "bets streamed to recorded, Redis", "x", "P2", 0.3, 0.6),
    ];

    internal static Target Of(string id) => All.Single(target => target.Id == id);
}
