using System.Diagnostics.Metrics;
using Jackpot.Ledger.Contributions;

namespace Jackpot.Ledger.Telemetry;

/// <summary>What operators watch. Counted per batch, so that a contribution pays nothing for it.</summary>
internal sealed class ShardMetrics : IDisposable
{
    public const string MeterName = "Jackpot.Shard";

    static readonly string[] Kinds = [.. Enum.GetNames<RecordedKind>().Select(kind => kind.ToLowerInvariant())];

    readonly Meter _meter = new(MeterName);
    readonly Counter<long> _contributions;
    readonly Histogram<int> _batchSize;
    readonly Histogram<double> _batchSeconds;
    readonly Counter<long> _events;
    readonly Counter<long> _balancingRuns;
    readonly Counter<long> _balancingIncidents;
    readonly Histogram<double> _balancingSeconds;
    readonly Counter<long> _streamed;
    readonly Counter<long> _walletAnswersNotOurs;
    readonly Counter<long> _reconciled;
    readonly Counter<long> _epochsRaised;
    readonly Counter<long> _engineCures;
    readonly Counter<long> _loopFaults;
    readonly Counter<long> _rowsParked;
    readonly Counter<long> _orderGivenUp;
    readonly Counter<long> _rejected;
    readonly Counter<long> _rejectedFull;
    long _rejectedWaiting;
    double _rejectedFullRatio;
    readonly Counter<long> _voidsOverLimit;
    long _voidsWaiting;
    long _poolsOverdue;
    volatile IReadOnlyList<(string Source, long Rows, DateTimeOffset Oldest)> _parked = [];
    volatile IReadOnlyList<(string Tenant, string Brand, string Licence)> _tenants = [];
    volatile IReadOnlyList<(string State, long Payouts, TimeSpan OldestAge)> _payouts = [];

    public ShardMetrics()
    {
        _contributions = _meter.CreateCounter<long>("jackpot.contributions", description: "Contributions answered, by outcome");
        _batchSize = _meter.CreateHistogram<int>("jackpot.batch.size", description: "Contributions per batch");
        _batchSeconds = _meter.CreateHistogram("jackpot.batch", "s", "Time of a batch, commit included",
            advice: new InstrumentAdvice<double> { HistogramBucketBoundaries = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 5] });
        _streamed = _meter.CreateCounter<long>("jackpot.stream.bets", description: "Streamed bets that reached the shard, by outcome: taken, voided, retried, refused, unreadable, canary");
        _walletAnswersNotOurs = _meter.CreateCounter<long>(
            "jackpot.wallet.answers_not_ours", description: "Answers of wallets that were not about the payout they were asked about, by question: credit, query");
        _reconciled = _meter.CreateCounter<long>(
            "jackpot.reconciliation.payouts", description: "Credited payouts that the wallet was asked about afterwards, by outcome: same, not_answered; alarm at the first missing, refused or other");
        _epochsRaised = _meter.CreateCounter<long>("jackpot.shard.epochs_raised", description: "Times that the database was found restored, promoted or copied");
        _events = _meter.CreateCounter<long>("jackpot.outbox.rows_published", description: "Outbox rows that the broker has confirmed");
        _engineCures = _meter.CreateCounter<long>(
            "jackpot.workflow_engine.cures", description: "What was done about a workflow engine that stood still, by cure: ReopenStream, ShutDownSidecar, EndProcess");
        _loopFaults = _meter.CreateCounter<long>("jackpot.loop.faults", description: "Passes of background loops that failed, by loop");
        _rowsParked = _meter.CreateCounter<long>("jackpot.rows.parked", description: "Rows put aside because a loop could not handle them, by source");
        _orderGivenUp = _meter.CreateCounter<long>("jackpot.outbox.order_given_up", description: "Events that went out although an earlier one of their jackpot is parked, because too many waited");
        _meter.CreateObservableGauge("jackpot.parked.rows", () => _parked.Select(count => new Measurement<long>(count.Rows, new KeyValuePair<string, object?>("source", count.Source))),
            description: "Rows that are parked and wait for somebody to release them, by source");
        _rejected = _meter.CreateCounter<long>("jackpot.rejected.messages", description: "Messages kept because nobody could take them, by topic");
        _rejectedFull = _meter.CreateCounter<long>("jackpot.rejected.left", description: "Messages left with the broker because the table of rejected ones was full");
        _meter.CreateObservableGauge("jackpot.rejected.waiting", () => Volatile.Read(ref _rejectedWaiting), description: "Rejected messages that wait for staff");
        _meter.CreateObservableGauge("jackpot.rejected.full_ratio", () => Volatile.Read(ref _rejectedFullRatio),
            description: "How full the table of rejected messages is, by messages or bytes, whichever is more; alarm at 0.5, at 1 the streams stop");
        _voidsOverLimit = _meter.CreateCounter<long>("jackpot.voids.over_limit", description: "Voids beyond their operator's limit, which two people have to agree to, by tenant");
        _meter.CreateObservableGauge("jackpot.voids.waiting", () => Interlocked.Read(ref _voidsWaiting), description: "Voids that wait for bets which have not come");
        _meter.CreateObservableGauge("jackpot.pools.overdue", () => Interlocked.Read(ref _poolsOverdue), description: "Pools that have not dropped for longer than one cycle in 10,000 under the odds in force");
        _meter.CreateObservableGauge(
            "jackpot.tenant", () => _tenants.Select(one => new Measurement<int>(1, new("tenant", one.Tenant), new("brand", one.Brand), new("licence", one.Licence))),
            description: "1 for each tenant of this shard, with its brand and licence, to join with what has the label 'tenant'");
        _meter.CreateObservableGauge("jackpot.payouts.open", () => _payouts.Select(count => new Measurement<long>(count.Payouts, new KeyValuePair<string, object?>("state", count.State))),
            description: "Payouts that are not over, by state; held ones wait for people");
        _meter.CreateObservableGauge("jackpot.payouts.oldest_age", () => _payouts.Select(count => new Measurement<double>(count.OldestAge.TotalSeconds, new KeyValuePair<string, object?>("state", count.State))),
            "s", "How long the oldest of them has been in its state");
        _balancingRuns = _meter.CreateCounter<long>("jackpot.balancing.runs", description: "Balancings that ran by themselves, by outcome");
        _balancingIncidents = _meter.CreateCounter<long>("jackpot.balancing.incidents", description: "Jackpots stopped because their books differ");
        _balancingSeconds = _meter.CreateHistogram("jackpot.balancing", "s", "Time of a balancing",
            advice: new InstrumentAdvice<double> { HistogramBucketBoundaries = [0.01, 0.1, 1, 10, 60, 600] });
    }

    /// <summary>What the instruments belong to: by it those of one process are told from those of another in the same tests.</summary>
    public Meter Meter => _meter;

    public void BatchAnswered(RecordedContribution[] answers, TimeSpan took)
    {
        _batchSize.Record(answers.Length);
        _batchSeconds.Record(took.TotalSeconds);
        Span<int> counts = stackalloc int[Kinds.Length];
        counts.Clear();
        foreach (var answer in answers)
        {
            counts[(int)answer.Kind]++;
        }

        for (var kind = 0; kind < counts.Length; kind++)
        {
            if (counts[kind] > 0)
            {
                _contributions.Add(counts[kind], new KeyValuePair<string, object?>("outcome", Kinds[kind]));
            }
        }
    }

    public void BalancingRan(TimeSpan took, int differing)
    {
        _balancingSeconds.Record(took.TotalSeconds);
        _balancingRuns.Add(1, new KeyValuePair<string, object?>("outcome", differing == 0 ? "balanced" : "differs"));
    }

    public void BalancingIncident() => _balancingIncidents.Add(1);

    public void BetsStreamed(int bets, string outcome)
    {
        if (bets > 0)
        {
            _streamed.Add(bets, new KeyValuePair<string, object?>("outcome", outcome));
        }
    }

    public void WalletAnswerNotOurs(string question) => _walletAnswersNotOurs.Add(1, new KeyValuePair<string, object?>("question", question));

    public void PayoutReconciled(string outcome) => _reconciled.Add(1, new KeyValuePair<string, object?>("outcome", outcome));

    public void EpochRaised() => _epochsRaised.Add(1);

    public void RowsPublished(int rows) => _events.Add(rows);

    public void EngineCured(string cure) => _engineCures.Add(1, new KeyValuePair<string, object?>("cure", cure));

    public void LoopFailed(string loop) => _loopFaults.Add(1, new KeyValuePair<string, object?>("loop", loop));

    public void RowParked(string source) => _rowsParked.Add(1, new KeyValuePair<string, object?>("source", source));

    /// <summary>What is parked now.</summary>
    public void RowsAreParked(IReadOnlyList<(string Source, long Rows, DateTimeOffset Oldest)> counts) => _parked = counts;

    public void MessagesRejected(int messages, string topic) => _rejected.Add(messages, new KeyValuePair<string, object?>("topic", topic));

    public void RejectedFull(int messages) => _rejectedFull.Add(messages);

    /// <summary>What waits now.</summary>
    public void RejectedWaiting(long messages, double fullRatio)
    {
        Volatile.Write(ref _rejectedWaiting, messages);
        Volatile.Write(ref _rejectedFullRatio, fullRatio);
    }

    public void VoidOverLimit(string tenant) => _voidsOverLimit.Add(1, new KeyValuePair<string, object?>("tenant", tenant));

    /// <summary>Whom this shard serves, as its region's file has it: so many labels and no more.</summary>
    public void Serves(IReadOnlyList<(string Tenant, string Brand, string Licence)> tenants) => _tenants = tenants;

    public void PoolsAreOverdue(int pools) => Interlocked.Exchange(ref _poolsOverdue, pools);

    public void VoidsWait(long voids) => Interlocked.Exchange(ref _voidsWaiting, voids);

    /// <summary>What is not over now, by state.</summary>
    public void PayoutsAreOpen(IReadOnlyList<(string State, long Payouts, TimeSpan OldestAge)> counts) => _payouts = counts;

    public void OrderGivenUp(int rows) => _orderGivenUp.Add(rows);

    public void Dispose() => _meter.Dispose();
}
