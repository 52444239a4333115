using Jackpot.Ledger.Loops;

namespace Jackpot.Shard.Ownership;

/// <summary>Follows placement, beside the bets: after a scale-out the batchers of a replica move to where their actors have moved.</summary>
internal sealed class OwnershipWatch(BatcherOwners owners, LoopTools tools) : HostedLoop(new LoopPlan("ownership", Interval, "batchers stay with their owners"), tools)
{
    static readonly TimeSpan Interval = TimeSpan.FromSeconds(5);
    static readonly TimeSpan AnswerWaitMax = TimeSpan.FromSeconds(2);

    protected override Task PassAsync(CancellationToken ct) => owners.FollowPlacementAsync(AnswerWaitMax, ct);
}
