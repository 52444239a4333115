using Jackpot.Ledger.Contributions;

namespace Jackpot.Ledger.Batching;

/// <summary>What waits for a batcher's next batches: every jackpot has its own bounded queue and an equal share of each batch. Not safe for two threads.</summary>
internal sealed class FairQueue
{
    /// <summary>Most contributions that wait for one jackpot.</summary>
    public const int PerJackpotMax = 4_096;

    readonly Dictionary<int, Queue<Waiting>> _queues = [];
    readonly Queue<int> _turns = new();

    public int Count { get; private set; }

    /// <summary>False when the jackpot's queue is full.</summary>
    public bool TryAdd(in Waiting waiting)
    {
        var jackpot = waiting.Contribution.Jackpot;
        if (!_queues.TryGetValue(jackpot, out var queue))
        {
            _queues.Add(jackpot, queue = new Queue<Waiting>());
        }

        if (queue.Count >= PerJackpotMax)
        {
            return false;
        }

        if (queue.Count == 0)
        {
            _turns.Enqueue(jackpot);
        }

        queue.Enqueue(waiting);
        Count++;
        return true;
    }

    /// <summary>Fills the batch, jackpot by jackpot: each gets the same share, and what is left of the batch goes to whoever still waits.</summary>
    public void Take(TakenBatch batch)
    {
        while (_turns.Count > 0 && batch.Count < BatchCodec.ItemsMax)
        {
            var share = Math.Max(1, (BatchCodec.ItemsMax - batch.Count) / _turns.Count);
            for (var turn = _turns.Count; turn > 0 && batch.Count < BatchCodec.ItemsMax; turn--)
            {
                TakeShare(batch, _turns.Dequeue(), share);
            }
        }
    }

    void TakeShare(TakenBatch batch, int jackpot, int share)
    {
        var queue = _queues[jackpot];
        for (var i = 0; i < share && queue.Count > 0; i++)
        {
            batch.Add(queue.Dequeue());
            Count--;
        }

        if (queue.Count > 0)
        {
            _turns.Enqueue(jackpot);
        }
    }
}
