using System.Diagnostics.Metrics;

namespace Jackpot.Wallet.Transactions;

/// <summary>How transactions were answered.</summary>
sealed class TransactionCounters : IDisposable
{
    internal const string MeterName = "Jackpot.Wallet";

    readonly Meter _meter = new(MeterName);
    readonly Counter<long> _answers;

    public TransactionCounters() =>
        _answers = _meter.CreateCounter<long>("wallet.answers", description: "Answers to POST /wallet/transaction, repeated deliveries included");

    public void Dispose() => _meter.Dispose();

    /// <param name="status"><c>done</c> or <c>refused</c>.</param>
    internal void Count(string status) => _answers.Add(1, new KeyValuePair<string, object?>("status", status));

    internal void CountConflict() => Count("conflict");
}
