using System.Buffers;
using Jackpot.Ledger.Batching;
using Jackpot.Ledger.Contributions;

namespace Jackpot.Shard.Ownership;

/// <summary>
/// Records the batches of one batcher: by itself while this replica owns it, else by its owner. An owner that does not answer is replaced,
/// and the batch that it was sent goes to the next one.
/// </summary>
internal sealed class OwnedBatches(string batcherId, BatcherOwners owners, BatchSender sender, BatchStore store, BatchLedger ledger, BatchLoop loop, WorkerThread commits) : IBatchRecorder
{
    /// <summary>Owners that one batch is offered to before its senders are told to ask again.</summary>
    const int OffersMax = 3;

    // Both are reused from batch to batch: fresh ones would be large objects, and those cost full collections.
    readonly TakenBatch _taken = new();
    readonly ArrayBufferWriter<byte> _bytes = new();

    public void Run(Batcher batcher, CancellationToken ct)
    {
        if (owners.IsHere(batcherId))
        {
            loop.Run(batcher, () => owners.IsHere(batcherId), ct);
        }
        else if (batcher.TryTake(_taken))
        {
            Hand(batcher, ct);
        }
    }

    void Hand(Batcher batcher, CancellationToken ct)
    {
        RecordedContribution[]? answers = null;
        try
        {
            answers = OfferAsync(ct).GetAwaiter().GetResult();
        }
        finally
        {
            // Only a fault leaves none: whether they are stored is not known, and their senders ask again.
            batcher.Answer(_taken, answers ?? OpenBatch.AllUnavailable(_taken.Count));
        }
    }

    async Task<RecordedContribution[]?> OfferAsync(CancellationToken ct)
    {
        var owner = await owners.OfAsync(batcherId, ct);
        for (var offer = 1; offer <= OffersMax; offer++)
        {
            if (owners.IsHere(batcherId))
            {
                return ledger.Record(_taken.Items, ct);
            }

            if (await sender.TrySendAsync(owner, Bytes(), _taken.Count, ct) is { } answers)
            {
                return answers;
            }

            owner = await owners.InsteadOfAsync(owner, ct);
        }

        return null;
    }

    ReadOnlyMemory<byte> Bytes()
    {
        _bytes.ResetWrittenCount();
        BatchCodec.WriteRequestHeader(_bytes, _taken.Count);
        foreach (ref readonly var item in _taken.Items.Span)
        {
            BatchCodec.WriteRequestItem(_bytes, item);
        }

        return _bytes.WrittenMemory;
    }

    public void Dispose()
    {
        commits.Dispose();
        store.Dispose();
    }
}
