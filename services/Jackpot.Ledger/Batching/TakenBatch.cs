using Jackpot.Ledger.Contributions;

namespace Jackpot.Ledger.Batching;

/// <summary>What one batch took out of a batcher, and who waits for the answers. Reused from batch to batch: a fresh one would be a large object.</summary>
internal sealed class TakenBatch
{
    /// <summary>Answers that one thread pool work item hands out.</summary>
    const int AnswersPerTask = 32;

    readonly AcceptedContribution[] _items = new AcceptedContribution[BatchCodec.ItemsMax];
    readonly Sender[] _senders = new Sender[BatchCodec.ItemsMax];

    public int Count { get; private set; }

    /// <summary>When it was taken, as the clock's timestamp.</summary>
    public long TakenAt { get; set; }

    public ReadOnlyMemory<AcceptedContribution> Items => _items.AsMemory(0, Count);

    public void Add(in Waiting waiting)
    {
        _items[Count] = waiting.Contribution;
        _senders[Count++] = waiting.Sender;
    }

    /// <summary>Hands the answers out and makes room for the next batch.</summary>
    public void Answer(RecordedContribution[] answers)
    {
        for (var start = 0; start < Count; start += AnswersPerTask)
        {
            var senders = _senders.AsSpan(start, Math.Min(AnswersPerTask, Count - start)).ToArray();
            ThreadPool.UnsafeQueueUserWorkItem(new AnswerTask(senders, answers, start), preferLocal: false);
        }

        Clear();
    }

    void Clear()
    {
        Array.Clear(_items, 0, Count);
        Array.Clear(_senders, 0, Count);
        Count = 0;
    }

    /// <summary>
    /// Hands out a share of a batch's answers, the requests' own continuations included, while the batcher already records the next batch. One
    /// work item for many answers wakes far fewer threads than one for each.
    /// </summary>
    sealed class AnswerTask(Sender[] senders, RecordedContribution[] answers, int first) : IThreadPoolWorkItem
    {
        public void Execute()
        {
            for (var i = 0; i < senders.Length; i++)
            {
                senders[i].Answer(answers[first + i]);
            }
        }
    }
}
