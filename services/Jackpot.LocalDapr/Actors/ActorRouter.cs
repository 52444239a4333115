using Jackpot.LocalDapr.Apps;
using Jackpot.LocalDapr.Faults;
using Jackpot.LocalDapr.Resiliency;

namespace Jackpot.LocalDapr.Actors;

/// <summary>Finds the owner of an actor and runs a turn there, with Dapr's built-in patience when there is no owner (5 tries, 1 s apart).</summary>
sealed class ActorRouter(Placement placement, FaultSwitches faults, string appNamespace)
{
    public string PlacementStatus => placement.Status;

    public async Task<ActorAnswer> RunTurnAsync(ActorKey key, ActorTurn turn, CancellationToken cancellation)
    {
        var patience = RetryPolicy.BuiltInActorNotFound;
        for (var attempt = 1; ; attempt++)
        {
            if (await placement.OwnerAsync(appNamespace, key, cancellation) is { } owner)
            {
                try
                {
                    if (await RunAtAsync(owner, key, turn, cancellation) is { } answer)
                    {
                        return answer;
                    }
                    // Deactivated while the call waited: its next home is looked up at once, the first times.
                    if (attempt <= patience.RetriesMax)
                    {
                        continue;
                    }
                }
                catch (AppUnhealthyException) when (attempt <= patience.RetriesMax)
                {
                    // The types of an unhealthy app are about to be withdrawn.
                }
            }
            if (attempt > patience.RetriesMax)
            {
                throw new NoActorAddressException(key);
            }
            await Task.Delay(patience.Delay(attempt), cancellation);
        }
    }

    Task<ActorAnswer?> RunAtAsync(ActorHost owner, ActorKey key, ActorTurn turn, CancellationToken cancellation)
    {
        if (faults.Strike(FaultKind.DoubleActivation, owner.AppId, key.Type) is null)
        {
            return owner.RunTurnAsync(key, turn, cancellation);
        }
        return placement.HostsOf(appNamespace, key.Type).FirstOrDefault(host => host != owner) is { } second
            ? second.RunTurnAsync(key, turn, cancellation)
            : owner.RunBesideTurnAsync(key, turn, cancellation);
    }
}
