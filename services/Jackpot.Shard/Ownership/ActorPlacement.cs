using Dapr.Actors;
using Dapr.Actors.Client;
using Jackpot.Ledger.Settings;

namespace Jackpot.Shard.Ownership;

/// <summary>Asks Dapr's placement, by calling the batcher's actor through the sidecar.</summary>
internal sealed partial class ActorPlacement(IActorProxyFactory proxies, ShardOptions options, ILogger<ActorPlacement> log) : IPlacement
{
    public async Task<bool> AskAsync(string batcher, TimeSpan wait, CancellationToken ct)
    {
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(ct);
        deadline.CancelAfter(wait);
        try
        {
            await proxies.Create(new ActorId(batcher), options.ActorType).InvokeMethodAsync(nameof(IJackpotActor.ClaimAsync), deadline.Token);
            return true;
        }
#pragma warning disable CA1031 // Whatever went wrong, placement did not answer, and the batcher has an owner or gets one without it.
        catch (Exception e) when (!ct.IsCancellationRequested)
#pragma warning restore CA1031
        {
            LogNotAsked(log, batcher, wait, e.Message);
            return false;
        }
    }

    [LoggerMessage(EventId = 111, Level = LogLevel.Information, Message = "The actor of batcher {Batcher} did not answer within {Wait}: {Fault}")]
    static partial void LogNotAsked(ILogger logger, string batcher, TimeSpan wait, string fault);
}
