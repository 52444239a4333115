using System.Threading.Channels;

namespace Jackpot.Ledger.Outbox;

/// <summary>Wakes the relay of this process after a commit. Never NOTIFY: that would take a global lock inside the money transaction.</summary>
internal sealed class OutboxSignal
{
    readonly Channel<bool> _signal = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });

    public void Raise() => _signal.Writer.TryWrite(true);

    /// <summary>Returns when a commit was made, or after <paramref name="atMost"/>: another replica's commits give no signal here.</summary>
    public async Task WaitAsync(TimeSpan atMost, CancellationToken ct)
    {
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(ct);
        deadline.CancelAfter(atMost);
        try
        {
            await _signal.Reader.ReadAsync(deadline.Token);
        }
        catch (OperationCanceledException) when (!ct.IsCancellationRequested)
        {
            // Nothing was committed here; the relay looks all the same.
        }
    }
}
