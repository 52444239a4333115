using Dapr.Actors;
using Dapr.Actors.Runtime;

namespace Jackpot.Shard.Ownership;

/// <summary>Says, by living somewhere, which replica owns a batcher; no bet goes through it.</summary>
public interface IJackpotActor : IActor
{
    /// <summary>Makes the replica that this actor lives in the owner of the batcher of the same id.</summary>
    Task ClaimAsync();
}

/// <summary>
/// One per batcher. Dapr may activate it twice; then both replicas claim, the higher epoch is the owner, and the other's commits lose against the fence.
/// Its deactivation releases nothing: a lost placement deactivates every actor at once, and bets go on.
/// </summary>
internal sealed class JackpotActor(ActorHost host, BatcherOwners owners) : Actor(host), IJackpotActor
{
    public Task ClaimAsync() => owners.ClaimAsync(Id.GetId(), CancellationToken.None);
}
