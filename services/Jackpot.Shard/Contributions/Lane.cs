using System.Buffers;
using System.Runtime.InteropServices;
using System.Threading.Channels;
using Jackpot.Shard.Problems;

namespace Jackpot.Shard.Contributions;

/// <summary>
/// The waiting room of one actor. While one batch is in flight the next one fills: no timers, so a quiet lane answers at once and a
/// busy one grows its batches by itself. Every jackpot has its own bounded queue and an equal share of each batch.
/// </summary>
internal sealed class Lane(string id, ILaneActor actor) : IAsyncDisposable
{
    /// <summary>Most contributions that wait for one jackpot; beyond it the answer is 503.</summary>
    public const int WaitingPerJackpotMax = 4_096;

    /// <summary>Most contributions that wait in one lane.</summary>
    public const int WaitingMax = 16_384;

    /// <summary>Answers that one thread pool work item hands out.</summary>
    const int AnswersPerTask = 32;

    readonly Lock _lock = new();
    readonly Dictionary<int, Queue<Waiting>> _queues = [];
    readonly Queue<int> _turns = new();
    readonly Channel<bool> _wake = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });
    readonly CancellationTokenSource _stopping = new();

    // Both are reused from batch to batch: fresh ones would be large objects, and those cost full collections.
    readonly List<Waiting> _batch = new(BatchCodec.ItemsMax);
    readonly ArrayBufferWriter<byte> _request = new();
    Task _running = Task.CompletedTask;
    int _waiting;

    public string Id => id;

    /// <summary>Contributions that wait now.</summary>
    public int WaitingNow
    {
        get
        {
            lock (_lock)
            {
                return _waiting;
            }
        }
    }

    public void Start() => _running = Task.Run(RunAsync);

    /// <summary>Queues one contribution; its answer arrives in <paramref name="answers"/> at <paramref name="index"/>. False when the queue is full.</summary>
    public bool TryAdd(in AcceptedContribution contribution, PendingAnswers answers, int index)
    {
        lock (_lock)
        {
            if (!_queues.TryGetValue(contribution.Jackpot, out var queue))
            {
                _queues.Add(contribution.Jackpot, queue = new Queue<Waiting>());
            }

            if (_waiting >= WaitingMax || queue.Count >= WaitingPerJackpotMax)
            {
                return false;
            }

            if (queue.Count == 0)
            {
                _turns.Enqueue(contribution.Jackpot);
            }

            queue.Enqueue(new Waiting(contribution, answers, index));
            _waiting++;
        }

        _wake.Writer.TryWrite(true);
        return true;
    }

    async Task RunAsync()
    {
        while (await _wake.Reader.WaitToReadAsync())
        {
            _wake.Reader.TryRead(out _);
            while (FillBatch())
            {
                await SendAsync();
            }
        }
    }

    /// <summary>Takes what waits, jackpot by jackpot: each gets the same share, and what is left of a batch goes to whoever still waits.</summary>
    bool FillBatch()
    {
        _batch.Clear();
        lock (_lock)
        {
            while (_turns.Count > 0 && _batch.Count < BatchCodec.ItemsMax)
            {
                var share = Math.Max(1, (BatchCodec.ItemsMax - _batch.Count) / _turns.Count);
                for (var turn = _turns.Count; turn > 0 && _batch.Count < BatchCodec.ItemsMax; turn--)
                {
                    TakeShare(_turns.Dequeue(), share);
                }
            }

            _waiting -= _batch.Count;
        }

        return _batch.Count > 0;
    }

    void TakeShare(int jackpot, int share)
    {
        var queue = _queues[jackpot];
        for (var i = 0; i < share && queue.Count > 0; i++)
        {
            _batch.Add(queue.Dequeue());
        }

        if (queue.Count > 0)
        {
            _turns.Enqueue(jackpot);
        }
    }

    async Task SendAsync()
    {
        _request.ResetWrittenCount();
        BatchCodec.WriteRequestHeader(_request, _batch.Count);
        foreach (ref readonly var waiting in CollectionsMarshal.AsSpan(_batch))
        {
            BatchCodec.WriteRequestItem(_request, waiting.Contribution);
        }

        var answers = await actor.RecordAsync(id, _request.WrittenMemory, _batch.Count, _stopping.Token);
        for (var start = 0; start < answers.Length; start += AnswersPerTask)
        {
            var count = Math.Min(AnswersPerTask, answers.Length - start);
            ThreadPool.UnsafeQueueUserWorkItem(new AnswerTask(_batch.GetRange(start, count), answers, start), preferLocal: false);
        }
    }

    public async ValueTask DisposeAsync()
    {
        _wake.Writer.TryComplete();
        await _stopping.CancelAsync();
        await _running;
        _stopping.Dispose();
    }

    readonly record struct Waiting(AcceptedContribution Contribution, PendingAnswers Answers, int Index);

    /// <summary>
    /// Hands out a share of a batch's answers, the requests' own continuations included, while the lane already sends the next batch. One
    /// work item for many answers wakes far fewer threads than one for each.
    /// </summary>
    sealed class AnswerTask(List<Waiting> waiting, RecordedContribution[] answers, int first) : IThreadPoolWorkItem
    {
        public void Execute()
        {
            for (var i = 0; i < waiting.Count; i++)
            {
                waiting[i].Answers.Set(waiting[i].Index, answers[first + i]);
            }
        }
    }
}

/// <summary>The actor of a lane as the lane sees it: it answers every one of the <c>count</c> items of a <see cref="BatchCodec"/> request and never throws.</summary>
internal interface ILaneActor
{
    ValueTask<RecordedContribution[]> RecordAsync(string lane, ReadOnlyMemory<byte> request, int count, CancellationToken ct);
}

/// <summary>The answers that one request waits for. Its continuation runs on the work item that sets the last of them.</summary>
internal sealed class PendingAnswers(int count) : TaskCompletionSource
{
    int _missing = count;

    public RecordedContribution?[] Answers { get; } = new RecordedContribution?[count];

    /// <summary>Sets one answer; the last one completes the task.</summary>
    public void Set(int index, RecordedContribution answer)
    {
        Answers[index] = answer;
        Skip();
    }

    /// <summary>Counts an item that will get no answer because the door refused it.</summary>
    public void Skip()
    {
        if (Interlocked.Decrement(ref _missing) == 0)
        {
            SetResult();
        }
    }
}
