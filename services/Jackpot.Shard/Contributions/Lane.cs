using System.Buffers;
using System.Threading.Channels;
using Jackpot.Shard.Jackpots;

namespace Jackpot.Shard.Contributions;

/// <summary>
/// The waiting room of one actor. While one batch is in flight the next one fills, so that a quiet lane answers at once and a busy one
/// grows its batches by itself.
/// </summary>
internal sealed class Lane : IAsyncDisposable
{
    /// <summary>Most contributions that wait in one lane; beyond it, and beyond <see cref="FairQueue.PerJackpotMax"/>, the answer is 503.</summary>
    public const int WaitingMax = 16_384;

    /// <summary>How long batches are sent to an actor that lives elsewhere before it is asked again whether it has come here.</summary>
    static readonly TimeSpan ElsewhereFor = TimeSpan.FromSeconds(1);

    readonly ILaneActor _actor;
    readonly TimeProvider _clock;
    readonly Lock _lock = new();
    readonly FairQueue _queue = new();
    readonly LaneKeys _keys = new();
    readonly LaneRepeats _repeats;
    readonly Channel<bool> _wake = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });
    readonly ManualResetEventSlim _arrived = new(false, spinCount: 0);
    readonly CancellationTokenSource _stopping = new();

    // Both are reused from batch to batch: fresh ones would be large objects, and those cost full collections.
    readonly TakenBatch _sent = new();
    readonly ArrayBufferWriter<byte> _request = new();
    Task _running = Task.CompletedTask;
    long? _elsewhereSince;
    int _wanted = 1;

    /// <param name="id">The actor's id.</param>
    /// <param name="actor">Records.</param>
    /// <param name="stored">Knows what a key that was seen before was answered.</param>
    /// <param name="clock">The time.</param>
    /// <param name="log">Where faults are told.</param>
    public Lane(string id, ILaneActor actor, StoredContributions stored, TimeProvider clock, ILogger log)
    {
        (Id, _actor, _clock) = (id, actor, clock);
        _repeats = new LaneRepeats(id, _lock, _keys, stored, Requeue, log);
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
        _running = Task.Run(RunAsync);
        _repeats.Start();
    }

    /// <summary>Queues one contribution; its answer arrives in <paramref name="answers"/> at <paramref name="index"/>. False when the queue is full.</summary>
    public bool TryAdd(in AcceptedContribution contribution, PendingAnswers answers, int index)
    {
        var waiting = new Waiting(contribution, answers, index);
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

        _wake.Writer.TryWrite(true);
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
            waiting.Answers.Set(waiting.Index, LaneBatch.Unavailable);
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

    async Task RunAsync()
    {
        while (await _wake.Reader.WaitToReadAsync())
        {
            _wake.Reader.TryRead(out _);
            while (WaitingNow > 0)
            {
                if (!await RecordedHereAsync() && TryTake(_sent))
                {
                    await SendAsync();
                }
            }
        }
    }

    /// <summary>Lets the actor take what waits by itself, which it can when it lives in this process.</summary>
    async ValueTask<bool> RecordedHereAsync()
    {
        if (_elsewhereSince is { } since && _clock.GetElapsedTime(since) < ElsewhereFor)
        {
            return false;
        }

        var here = await _actor.RecordWaitingAsync(Id, _stopping.Token);
        _elsewhereSince = here ? null : _clock.GetTimestamp();
        return here;
    }

    async Task SendAsync()
    {
        _request.ResetWrittenCount();
        BatchCodec.WriteRequestHeader(_request, _sent.Count);
        foreach (ref readonly var item in _sent.Items.Span)
        {
            BatchCodec.WriteRequestItem(_request, item);
        }

        Answer(_sent, await _actor.RecordAsync(Id, _request.WrittenMemory, _sent.Count, _stopping.Token));
    }

    public async ValueTask DisposeAsync()
    {
        _wake.Writer.TryComplete();
        await _stopping.CancelAsync();
        await _running;
        await _repeats.DisposeAsync();
        _stopping.Dispose();
        _arrived.Dispose();
    }
}

/// <summary>The actor of a lane as the lane sees it. It never throws.</summary>
internal interface ILaneActor
{
    /// <summary>
    /// Rings for a turn in which the actor takes batches out of the lane itself. False when it did not: it lives in another process, or
    /// could not be reached.
    /// </summary>
    ValueTask<bool> RecordWaitingAsync(string lane, CancellationToken ct);

    /// <summary>Sends a batch, wherever the actor lives; every one of the <c>count</c> items of the <see cref="BatchCodec"/> request is answered.</summary>
    ValueTask<RecordedContribution[]> RecordAsync(string lane, ReadOnlyMemory<byte> request, int count, CancellationToken ct);
}
