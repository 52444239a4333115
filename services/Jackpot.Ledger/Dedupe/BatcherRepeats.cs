using System.Threading.Channels;
using Jackpot.Ledger.Contributions;

namespace Jackpot.Ledger.Dedupe;

/// <summary>
/// The contributions of a batcher whose keys were seen before. They are looked up beside the batches: inside one they would undo the commit of all
/// others.
/// </summary>
/// <param name="batcher">The batcher's id.</param>
/// <param name="gate">The batcher's lock; what says so is called under it.</param>
/// <param name="keys">The batcher's, under that lock.</param>
/// <param name="stored">Knows what a key that was seen before was answered.</param>
/// <param name="requeue">Takes a contribution whose key is not stored after all, outside of the lock.</param>
/// <param name="log">Where faults are logged.</param>
internal sealed partial class BatcherRepeats(
    string batcher, Lock gate, RecentKeys keys, StoredContributions stored, BatcherRepeats.Requeue requeue, ILogger log) : IAsyncDisposable
{
    /// <summary>Pause between two look-ups: a look-up costs as much for one key as for twenty.</summary>
    static readonly TimeSpan Pace = TimeSpan.FromMilliseconds(2);

    readonly Channel<bool> _wake = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });
    readonly CancellationTokenSource _stopping = new();
    List<Waiting> _waiting = [];
    Task _answering = Task.CompletedTask;

    public delegate void Requeue(in Waiting waiting);

    /// <summary>How many wait. Under the batcher's lock.</summary>
    public int Count => _waiting.Count;

    public void Start() => _answering = Task.Run(AnswerAsync);

    /// <summary>Under the batcher's lock.</summary>
    public void Add(in Waiting waiting)
    {
        _waiting.Add(waiting);
        _wake.Writer.TryWrite(true);
    }

    /// <summary>Keys were released, so what waited for them can be looked up. Under the batcher's lock.</summary>
    public void KeysReleased()
    {
        if (_waiting.Count > 0)
        {
            _wake.Writer.TryWrite(true);
        }
    }

    async Task AnswerAsync()
    {
        while (await _wake.Reader.WaitToReadAsync())
        {
            _wake.Reader.TryRead(out _);
            while (TakeReady() is { Count: > 0 } ready)
            {
                await AnswerStoredAsync(ready);
                await Task.Delay(Pace, _stopping.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }

    /// <summary>All but those whose first is still in the batcher: what that is answered cannot be looked up yet.</summary>
    List<Waiting> TakeReady()
    {
        var (ready, later) = (new List<Waiting>(), new List<Waiting>());
        lock (gate)
        {
            foreach (var repeat in _waiting)
            {
                (ready.Count < BatchCodec.ItemsMax && !keys.IsHeld(repeat.Contribution) ? ready : later).Add(repeat);
            }

            _waiting = later;
        }

        return ready;
    }

    async Task AnswerStoredAsync(List<Waiting> repeats)
    {
        StoredAnswers found;
        try
        {
            found = await stored.FindAsync([.. repeats.Select(repeat => StoredName.Of(repeat.Contribution))], flush: true, _stopping.Token);
        }
#pragma warning disable CA1031 // Whatever went wrong, these senders ask again, and those that come after them are still answered.
        catch (Exception e)
#pragma warning restore CA1031
        {
            LogLookUpFailed(log, batcher, repeats.Count, e);
            repeats.ForEach(repeat => repeat.Sender.Answer(RecordedContribution.Unavailable));
            return;
        }

        foreach (var repeat in repeats)
        {
            if (found.AnswerTo(repeat.Contribution) is { Kind: not RecordedKind.TakenBack } answer)
            {
                repeat.Sender.Answer(answer);
            }
            else
            {
                // The filter was wrong, or the first was refused.
                requeue(repeat);
            }
        }
    }

    public async ValueTask DisposeAsync()
    {
        _wake.Writer.TryComplete();
        await _stopping.CancelAsync();
        await _answering;
        _waiting.ForEach(repeat => repeat.Sender.Answer(RecordedContribution.Unavailable));
        _stopping.Dispose();
    }

    [LoggerMessage(EventId = 102, Level = LogLevel.Warning, Message = "Batcher {Batcher} could not look up {Repeats} repeated keys; their senders will ask again")]
    static partial void LogLookUpFailed(ILogger logger, string batcher, int repeats, Exception exception);
}
