using Jackpot.Ledger.Contributions;
using Jackpot.Ledger.Dedupe;

namespace Jackpot.Ledger.Batching;

/// <summary>
/// What waits to be recorded, and the loop that records it. While one batch is in flight the next one fills, so that a quiet batcher answers at once and a busy one
/// grows its batches by itself.
/// </summary>
internal sealed partial class Batcher : IAsyncDisposable
{
    /// <summary>Most contributions that wait in one batcher; beyond it, and beyond <see cref="FairQueue.PerJackpotMax"/>, the answer is 503.</summary>
    public const int WaitingMax = 16_384;

    /// <summary>How long an idle loop sleeps at a time.</summary>
    static readonly TimeSpan IdleMax = TimeSpan.FromMinutes(1);

    /// <summary>Pause after a batch that failed for no reason that its recorder knows.</summary>
    static readonly TimeSpan PauseAfterFault = TimeSpan.FromMilliseconds(100);

    /// <summary>How long a stop waits for the batch in flight.</summary>
    static readonly TimeSpan StopMax = TimeSpan.FromSeconds(20);

    readonly IBatchRecorder _recorder;
    readonly Lock _lock = new();
    readonly FairQueue _queue = new();
    readonly RecentKeys _keys = new();
    readonly BatcherRepeats _repeats;
    readonly ManualResetEventSlim _arrived = new(false, spinCount: 0);
    readonly CancellationTokenSource _stopping = new();

    readonly Thread _loop;
    readonly ILogger _log;
    int _wanted = 1;

    /// <param name="id">The batcher's id.</param>
    /// <param name="recorder">Records what waits here; disposed with this.</param>
    /// <param name="stored">Knows what a key that was seen before was answered.</param>
    /// <param name="log">Where faults are logged.</param>
    public Batcher(string id, IBatchRecorder recorder, StoredContributions stored, ILogger log)
    {
        (Id, _recorder, _log) = (id, recorder, log);
        _repeats = new BatcherRepeats(id, _lock, _keys, stored, Requeue, log);
        _loop = new Thread(Loop) { IsBackground = true, Name = id + " batches" };
    }

    public string Id { get; }

    /// <summary>Contributions that wait now for a batch.</summary>
    public int WaitingNow
    {
        get
        {
            lock (_lock)
            {
                return _queue.Count;
            }
        }
    }

    public void Start()
    {
        _loop.Start();
        _repeats.Start();
    }

    /// <summary>Queues one contribution; its answer arrives in <paramref name="answers"/> at <paramref name="index"/>. False when the queue is full.</summary>
    public bool TryAdd(in AcceptedContribution contribution, PendingAnswers answers, int index)
    {
        var waiting = new Waiting(contribution, new Sender(answers, index));
        lock (_lock)
        {
            return _keys.IsKnown(contribution) ? TryAddRepeat(waiting) : TryEnqueue(waiting);
        }
    }

    bool IsFull => _queue.Count + _repeats.Count >= WaitingMax;

    bool TryAddRepeat(in Waiting waiting)
    {
        if (IsFull)
        {
            return false;
        }

        _repeats.Add(waiting);
        return true;
    }

    bool TryEnqueue(in Waiting waiting)
    {
        if (IsFull || !_queue.TryAdd(waiting))
        {
            return false;
        }

        _keys.Hold(waiting.Contribution);
        if (_queue.Count == _wanted)
        {
            _arrived.Set();
        }

        return true;
    }

    void Requeue(in Waiting waiting)
    {
        bool taken;
        lock (_lock)
        {
            taken = TryEnqueue(waiting);
        }

        if (!taken)
        {
            waiting.Sender.Answer(RecordedContribution.Unavailable);
        }
    }

    /// <summary>Takes what waits, every jackpot its share. False when fewer than <paramref name="atLeast"/> wait.</summary>
    public bool TryTake(TakenBatch batch, int atLeast = 1)
    {
        lock (_lock)
        {
            if (_queue.Count < atLeast)
            {
                return false;
            }

            _queue.Take(batch);
            if (_queue.Count < _wanted)
            {
                _arrived.Reset();
            }
        }

        return true;
    }

    /// <summary>Hands out the answers of a batch that was taken here.</summary>
    public void Answer(TakenBatch batch, RecordedContribution[] answers)
    {
        lock (_lock)
        {
            foreach (ref readonly var item in batch.Items.Span)
            {
                _keys.Release(item);
            }

            _repeats.KeysReleased();
        }

        batch.Answer(answers);
    }

    /// <summary>Blocks until so many wait. False when fewer came in this time.</summary>
    public bool WaitFor(int count, TimeSpan atMost)
    {
        lock (_lock)
        {
            _wanted = count;
            if (_queue.Count >= count)
            {
                return true;
            }

            _arrived.Reset();
        }

        return _arrived.Wait((int)Math.Ceiling(atMost.TotalMilliseconds));
    }

    /// <summary>
    /// Lets the recorder take what waits, whenever something does. On a thread of its own: on the thread pool every step waited behind the
    /// requests of a hundred other bets, which was most of a batch's time.
    /// </summary>
    void Loop()
    {
        while (!_stopping.IsCancellationRequested)
        {
            try
            {
                if (WaitFor(1, IdleMax))
                {
                    _recorder.Run(this, _stopping.Token);
                }
            }
#pragma warning disable CA1031 // Whatever went wrong, those whose bets were taken were told to ask again, and those that come after them are recorded.
            catch (Exception e)
#pragma warning restore CA1031
            {
                if (!_stopping.IsCancellationRequested)
                {
                    LogBatchFailed(_log, Id, e);
                    _stopping.Token.WaitHandle.WaitOne(PauseAfterFault);
                }
            }
        }
    }

    /// <summary>Ends the loop after the batch that is in flight; what still waits is answered "unavailable".</summary>
    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        _arrived.Set();
        if (_loop.ThreadState.HasFlag(ThreadState.Unstarted) || await Task.Run(() => _loop.Join(StopMax)))
        {
            _recorder.Dispose();
        }

        await _repeats.DisposeAsync();
        AnswerWhatWaits();
    }

    void AnswerWhatWaits()
    {
        var left = new TakenBatch();
        while (TryTake(left))
        {
            Answer(left, OpenBatch.AllUnavailable(left.Count));
        }
    }

    [LoggerMessage(EventId = 103, Level = LogLevel.Error, Message = "A batch of batcher {Batcher} failed; its senders will ask again")]
    static partial void LogBatchFailed(ILogger logger, string batcher, Exception exception);
}

/// <summary>Records what waits in one batcher.</summary>
internal interface IBatchRecorder : IDisposable
{
    /// <summary>
    /// Takes batches out of the batcher and answers each of them, until nothing waits or it is better asked again. Blocks; called by the batcher's own
    /// thread alone. Everything that it took is answered when it ends, however it ends.
    /// </summary>
    void Run(Batcher batcher, CancellationToken ct);
}

/// <summary>Makes the recorder of each batcher.</summary>
internal interface IBatchRecorders
{
    IBatchRecorder Of(string batcher);
}
