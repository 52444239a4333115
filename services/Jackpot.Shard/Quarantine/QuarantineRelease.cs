using Jackpot.Ledger.Batching;
using Jackpot.Ledger.Contributions;
using Jackpot.Ledger.Jackpots;

namespace Jackpot.Shard.Quarantine;

/// <summary>Records what staff have released, by the batcher and under the key that any contribution takes: however often it is tried, once.</summary>
internal sealed class QuarantineRelease(QuarantineStore store, JackpotDirectory jackpots, BatcherDirectory batchers)
{
    /// <summary>Where the entry stands afterwards. Still releasing when the jackpot is paused or the ledger out of reach: it is tried again.</summary>
    public async Task<(string Status, RecordedContribution? Recorded)> RecordAsync(QuarantineEntry entry, CancellationToken ct)
    {
        var answers = new PendingAnswers(1);
        if (jackpots.ByNumber(entry.Contribution.Jackpot) is not { } jackpot || !batchers.Of(jackpot).TryAdd(entry.Contribution, answers, 0))
        {
            return (QuarantineEntry.Releasing, null);
        }

        await answers.Task;
        var recorded = answers.Answers[0]!;
        var status = recorded.Kind switch
        {
            RecordedKind.Accepted or RecordedKind.Duplicate => QuarantineEntry.Released,

            // Between release and now the key or the id was used for something else, which the ledger has taken.
            RecordedKind.KeyReused or RecordedKind.IdReused => QuarantineEntry.Refused,
            _ => QuarantineEntry.Releasing,
        };
        if (status != QuarantineEntry.Releasing)
        {
            await store.FinishAsync(entry.Id, status, ct);
        }

        return (status, recorded);
    }
}
