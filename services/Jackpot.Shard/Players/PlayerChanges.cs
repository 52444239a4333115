using Jackpot.Ledger.Loops;

namespace Jackpot.Shard.Players;

/// <summary>Takes in what other replicas changed about players.</summary>
internal sealed class PlayerChanges(PlayerStatusCache statuses, OptInCache optIns, LoopTools tools)
    : HostedLoop(new LoopPlan("player-changes", Interval, "what other replicas changed about players is not known here yet"), tools)
{
    /// <summary>How old this replica's knowledge of players may be, at most, as long as the database answers. Without it no bet is recorded either.</summary>
    public static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);

    protected override async Task PassAsync(CancellationToken ct)
    {
        await statuses.CatchUpAsync(ct);
        await optIns.CatchUpAsync(ct);
    }
}
