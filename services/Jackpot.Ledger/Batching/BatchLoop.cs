using Jackpot.Ledger.Contributions;
using Jackpot.Ledger.Telemetry;

namespace Jackpot.Ledger.Batching;

/// <summary>
/// The batch loop of a batcher whose owner is this process: it takes batch after batch, answers each as soon as it is committed, and ends
/// when nothing waits or the ownership is gone or doubtful.
/// </summary>
/// <param name="ledger">Records; used by one thread at a time.</param>
/// <param name="commits">Commits a batch while the thread of the loop decides the next.</param>
internal sealed class BatchLoop(BatchLedger ledger, WorkerThread commits, ShardMetrics metrics, TimeProvider clock)
{
    /// <summary>
    /// Batches begin at least this far apart, unless enough wait. At half of the peak this doubles the batches and halves what a
    /// contribution costs; a bet that comes after a pause does not wait.
    /// </summary>
    static readonly TimeSpan Pace = TimeSpan.FromMilliseconds(1);

    /// <summary>So many are enough to begin at once.</summary>
    const int EnoughMin = 32;

    /// <summary>
    /// So many must wait for the next batch to be decided while one is being committed. Fewer are better left waiting: the batch grows, and
    /// every batch costs PostgreSQL as much as 50 contributions.
    /// </summary>
    const int AheadMin = 250;

    long _takenAt;

    // Reused from batch to batch: one is being committed while the other is filled.
    TakenBatch _flying = new();
    TakenBatch _next = new();

    /// <summary>Runs the loop. Everything that it took is answered when it ends, however it ends.</summary>
    /// <param name="batcher">What is taken from.</param>
    /// <param name="mayTake">Asked before every batch.</param>
    /// <param name="ct">Gives up what is not committed yet.</param>
    public void Run(Batcher batcher, Func<bool> mayTake, CancellationToken ct)
    {
        try
        {
            Pause(batcher);
            var batch = TryTake(batcher, mayTake, 1);
            var prepared = Prepare(batch);
            while (batch is not null)
            {
                var next = prepared is { IsHandedOver: true } ? TryTake(batcher, mayTake, AheadMin) : null;
                var ahead = Prepare(next);
                if (prepared is null || !ledger.Land(prepared, ct) || batch.Open.Count > 0)
                {
                    ledger.Finish(batch, ct);
                    ahead = null;
                }

                next ??= TryTake(batcher, mayTake, MayBegin() ? 1 : EnoughMin);
                ahead ??= Prepare(next);
                if (ahead is { TakesAll: true } && batcher.WaitingNow >= AheadMin)
                {
                    ahead.HandOver(commits.RunAsync(() => ledger.Commit(ahead)));
                }

                Answer(batcher, _flying, batch.Answers());
                (_flying, _next) = (_next, _flying);
                (batch, prepared) = (next, ahead);
                if (batch is null)
                {
                    Pause(batcher);
                    batch = TryTake(batcher, mayTake, 1);
                    prepared = Prepare(batch);
                }
            }
        }
        finally
        {
            // Only a fault leaves any: whether they are stored is not known, and their senders ask again.
            Answer(batcher, _flying, OpenBatch.AllUnavailable(_flying.Count));
            Answer(batcher, _next, OpenBatch.AllUnavailable(_next.Count));
        }
    }

    PreparedBatch? Prepare(OpenBatch? batch) => batch is null ? null : ledger.TryPrepare(batch);

    bool MayBegin() => clock.GetElapsedTime(_takenAt) >= Pace;

    /// <summary>Waits for the next batch's time to begin, or for enough to begin it at once.</summary>
    void Pause(Batcher batcher)
    {
        if (!MayBegin())
        {
            batcher.WaitFor(EnoughMin, Pace - clock.GetElapsedTime(_takenAt));
        }
    }

    OpenBatch? TryTake(Batcher batcher, Func<bool> mayTake, int atLeast)
    {
        // The first batch of a run is put where the loop looks for what it lands, all others beside it.
        var place = _flying.Count == 0 ? _flying : _next;
        if (!mayTake() || !batcher.TryTake(place, atLeast))
        {
            return null;
        }

        place.TakenAt = _takenAt = clock.GetTimestamp();
        return new OpenBatch(place.Items);
    }

    void Answer(Batcher batcher, TakenBatch taken, RecordedContribution[] answers)
    {
        if (taken.Count > 0)
        {
            metrics.BatchAnswered(answers, clock.GetElapsedTime(taken.TakenAt));
            batcher.Answer(taken, answers);
        }
    }
}
