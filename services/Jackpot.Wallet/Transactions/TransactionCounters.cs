namespace Jackpot.Wallet.Transactions;

/// <summary>Counts since start, for /metrics.</summary>
sealed class TransactionCounters
{
    long _done;
    long _refused;
    long _conflicts;

    internal void Count(string status) => Interlocked.Increment(ref status == "done" ? ref _done : ref _refused);

    internal void CountConflict() => Interlocked.Increment(ref _conflicts);

    internal string ToPrometheusText() => $$"""
        # HELP wallet_answers_total Answers to POST /wallet/transaction since start, repeated deliveries included.
        # TYPE wallet_answers_total counter
        wallet_answers_total{status="done"} {{Interlocked.Read(ref _done)}}
        wallet_answers_total{status="refused"} {{Interlocked.Read(ref _refused)}}
        wallet_answers_total{status="conflict"} {{Interlocked.Read(ref _conflicts)}}

        """;
}
