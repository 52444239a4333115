using Jackpot.Ledger.Jackpots;

namespace Jackpot.Ledger.Batching;

/// <summary>Records the voids of a batch, after its bets: a step per jackpot, each in a transaction of its own under the jackpot's lock.</summary>
internal sealed class BatchVoids(BatchStore store, Action raise)
{
    /// <param name="batch">No bet of it is open any more.</param>
    /// <param name="jackpots">What the ledger remembers of jackpots; moved on by every step.</param>
    /// <param name="ct">Gives up.</param>
    public void Record(OpenBatch batch, Dictionary<int, LoadedJackpot> jackpots, CancellationToken ct)
    {
        foreach (var voids in batch.Open.GroupBy(item => batch.Items.Span[item].Jackpot).OrderBy(voids => voids.Key).ToList())
        {
            int[] items = [.. voids];
            var outcome = store.RecordVoids(voids.Key, [.. items.Select(item => batch.Items.Span[item])], ct);
            for (var i = 0; i < items.Length; i++)
            {
                batch.AnswerFound(items[i], outcome.Answers[i]);
            }

            if (outcome.After is { } after)
            {
                jackpots[voids.Key] = after;
            }

            if (outcome.HasWritten)
            {
                batch.Flushed();
                raise();
            }

            batch.CloseAnswered();
        }
    }
}
