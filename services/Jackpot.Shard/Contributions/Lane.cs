using System.Buffers;
using System.Threading.Channels;
using Jackpot.Shard.Jackpots;

namespace Jackpot.Shard.Contributions;

/// <summary>
/// The waiting room of one actor. While one batch is in flight the next one fills, so that a quiet lane answers at once and a busy one
/// grows its batches by itself. Every jackpot has its own bounded queue and an equal share of each batch.
/// </summary>
/// <param name="id">The actor's id.</param>
/// <param name="actor">Records.</param>
/// <param name="stored">Knows what a key that was seen before was answered.</param>
/// <param name="clock">The time.</param>
/// <param name="log">Where faults are told.</param>
internal sealed partial class Lane(string id, ILaneActor actor, StoredContributions stored, TimeProvider clock, ILogger log) : IAsyncDisposable
{
    /// <summary>Most contributions that wait for one jackpot; beyond it the answer is 503.</summary>
    public const int WaitingPerJackpotMax = 4_096;

    /// <summary>Most contributions that wait in one lane.</summary>
    public const int WaitingMax = 16_384;

    /// <summary>How long batches are sent to an actor that lives elsewhere before it is asked again whether it has come here.</summary>
    static readonly TimeSpan ElsewhereFor = TimeSpan.FromSeconds(1);

    /// <summary>Pause between two look-ups of repeated keys: a look-up costs as much for one key as for twenty.</summary>
    static readonly TimeSpan RepeatsPace = TimeSpan.FromMilliseconds(2);

    readonly Lock _lock = new();
    readonly Dictionary<int, Queue<Waiting>> _queues = [];
    readonly Queue<int> _turns = new();
    readonly LaneKeys _keys = new();

    // Whatever repeats a key is looked up beside the batches: inside one it would undo the whole commit.
    List<Waiting> _repeats = [];
    readonly Channel<bool> _wake = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });
    readonly Channel<bool> _wakeRepeats = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });
    readonly ManualResetEventSlim _arrived = new(false, spinCount: 0);
    readonly CancellationTokenSource _stopping = new();

    // Both are reused from batch to batch: fresh ones would be large objects, and those cost full collections.
    readonly TakenBatch _sent = new();
    readonly ArrayBufferWriter<byte> _request = new();
    Task _running = Task.CompletedTask;
    Task _answering = Task.CompletedTask;
    long? _elsewhereSince;
    int _waiting;
    int _wanted = 1;

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

    public void Start()
    {
        _running = Task.Run(RunAsync);
        _answering = Task.Run(AnswerRepeatsAsync);
    }

    /// <summary>Queues one contribution; its answer arrives in <paramref name="answers"/> at <paramref name="index"/>. False when the queue is full.</summary>
    public bool TryAdd(in AcceptedContribution contribution, PendingAnswers answers, int index)
    {
        var waiting = new Waiting(contribution, answers, index);
        lock (_lock)
        {
            return _keys.IsKnown(contribution.Key16) ? TryAddRepeat(waiting) : TryEnqueue(waiting);
        }
    }

    bool IsFull => _waiting + _repeats.Count >= WaitingMax;

    bool TryAddRepeat(in Waiting waiting)
    {
        if (IsFull)
        {
            return false;
        }

        _repeats.Add(waiting);
        _wakeRepeats.Writer.TryWrite(true);
        return true;
    }

    bool TryEnqueue(in Waiting waiting)
    {
        if (!_queues.TryGetValue(waiting.Contribution.Jackpot, out var queue))
        {
            _queues.Add(waiting.Contribution.Jackpot, queue = new Queue<Waiting>());
        }

        if (IsFull || queue.Count >= WaitingPerJackpotMax)
        {
            return false;
        }

        if (queue.Count == 0)
        {
            _turns.Enqueue(waiting.Contribution.Jackpot);
        }

        queue.Enqueue(waiting);
        _keys.Hold(waiting.Contribution.Key16);
        if (++_waiting == _wanted)
        {
            _arrived.Set();
        }

        _wake.Writer.TryWrite(true);
        return true;
    }

    /// <summary>
    /// Takes what waits, jackpot by jackpot: each gets the same share, and what is left of a batch goes to whoever still waits. False when
    /// fewer than <paramref name="atLeast"/> wait.
    /// </summary>
    public bool TryTake(TakenBatch batch, int atLeast = 1)
    {
        lock (_lock)
        {
            if (_waiting < atLeast)
            {
                return false;
            }

            while (_turns.Count > 0 && batch.Count < BatchCodec.ItemsMax)
            {
                var share = Math.Max(1, (BatchCodec.ItemsMax - batch.Count) / _turns.Count);
                for (var turn = _turns.Count; turn > 0 && batch.Count < BatchCodec.ItemsMax; turn--)
                {
                    TakeShare(batch, _turns.Dequeue(), share);
                }
            }

            _waiting -= batch.Count;
            if (_waiting < _wanted)
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
                _keys.Release(item.Key16);
            }

            if (_repeats.Count > 0)
            {
                _wakeRepeats.Writer.TryWrite(true);
            }
        }

        batch.Answer(answers);
    }

    /// <summary>Blocks until so many wait. False when fewer came in this time.</summary>
    public bool WaitFor(int count, TimeSpan atMost)
    {
        lock (_lock)
        {
            _wanted = count;
            if (_waiting >= count)
            {
                return true;
            }

            _arrived.Reset();
        }

        return _arrived.Wait((int)Math.Ceiling(atMost.TotalMilliseconds));
    }

    void TakeShare(TakenBatch batch, int jackpot, int share)
    {
        var queue = _queues[jackpot];
        for (var i = 0; i < share && queue.Count > 0; i++)
        {
            var waiting = queue.Dequeue();
            batch.Add(waiting.Contribution, waiting.Answers, waiting.Index);
        }

        if (queue.Count > 0)
        {
            _turns.Enqueue(jackpot);
        }
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
        if (_elsewhereSince is { } since && clock.GetElapsedTime(since) < ElsewhereFor)
        {
            return false;
        }

        var here = await actor.RecordWaitingAsync(id, _stopping.Token);
        _elsewhereSince = here ? null : clock.GetTimestamp();
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

        Answer(_sent, await actor.RecordAsync(id, _request.WrittenMemory, _sent.Count, _stopping.Token));
    }

    async Task AnswerRepeatsAsync()
    {
        while (await _wakeRepeats.Reader.WaitToReadAsync())
        {
            _wakeRepeats.Reader.TryRead(out _);
            while (TakeRepeats() is { Count: > 0 } repeats)
            {
                await AnswerStoredAsync(repeats);
                await Task.Delay(RepeatsPace, _stopping.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }

    /// <summary>All repeats but those whose first is still in the lane: what that is answered cannot be looked up yet.</summary>
    List<Waiting> TakeRepeats()
    {
        var (ready, later) = (new List<Waiting>(), new List<Waiting>());
        lock (_lock)
        {
            foreach (var repeat in _repeats)
            {
                (ready.Count < BatchCodec.ItemsMax && !_keys.IsHeld(repeat.Contribution.Key16) ? ready : later).Add(repeat);
            }

            _repeats = later;
        }

        return ready;
    }

    async Task AnswerStoredAsync(List<Waiting> repeats)
    {
        Dictionary<Guid, StoredContribution> found;
        try
        {
            found = await stored.FindAsync([.. repeats.Select(repeat => repeat.Contribution.Key16).Distinct()], flush: true, _stopping.Token);
        }
#pragma warning disable CA1031 // Whatever went wrong, these senders ask again, and those that come after them are still answered.
        catch (Exception e)
#pragma warning restore CA1031
        {
            LogLookUpFailed(log, id, repeats.Count, e);
            repeats.ForEach(repeat => repeat.Answers.Set(repeat.Index, LaneBatch.Unavailable));
            return;
        }

        foreach (var repeat in repeats)
        {
            if (found.TryGetValue(repeat.Contribution.Key16, out var first))
            {
                repeat.Answers.Set(repeat.Index, first.AnswerTo(repeat.Contribution));
            }
            else
            {
                Requeue(repeat);
            }
        }
    }

    /// <summary>Nothing is stored under the key: the filter was wrong, or the first was refused.</summary>
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

    public async ValueTask DisposeAsync()
    {
        _wake.Writer.TryComplete();
        _wakeRepeats.Writer.TryComplete();
        await _stopping.CancelAsync();
        await _running;
        await _answering;
        _repeats.ForEach(repeat => repeat.Answers.Set(repeat.Index, LaneBatch.Unavailable));
        _stopping.Dispose();
        _arrived.Dispose();
    }

    [LoggerMessage(EventId = 102, Level = LogLevel.Warning, Message = "Lane {Lane} could not look up {Repeats} repeated keys; their senders will ask again")]
    static partial void LogLookUpFailed(ILogger logger, string lane, int repeats, Exception exception);

    readonly record struct Waiting(AcceptedContribution Contribution, PendingAnswers Answers, int Index);
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
