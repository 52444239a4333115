using System.Threading.Channels;

namespace Jackpot.Shard.Outbox;

/// <summary>
/// Awards that the relay has read out of the outbox, for whoever starts their payouts in this process. What does not fit here, or is lost with the
/// process, is found by the sweeper.
/// </summary>
internal sealed class DroppedAwards
{
    /// <summary>Awards that wait; the relay itself never does.</summary>
    public const int WaitingMax = 10_000;

    readonly Channel<string> _awards = Channel.CreateBounded<string>(new BoundedChannelOptions(WaitingMax) { FullMode = BoundedChannelFullMode.DropWrite });

    public void Add(string awardId) => _awards.Writer.TryWrite(awardId);

    /// <summary>The next one; waits until there is one.</summary>
    public ValueTask<string> NextAsync(CancellationToken ct) => _awards.Reader.ReadAsync(ct);
}
