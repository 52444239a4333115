using Jackpot.Dapr.Actors;
using Jackpot.Shard.Jackpots;
using Jackpot.Shard.Regions;
using Jackpot.Shard.Telemetry;

namespace Jackpot.Shard.Contributions;

/// <summary>Reaches a lane's actor through the sidecar. Whatever goes wrong on the way, the items may have been stored: they are answered "unavailable".</summary>
internal sealed partial class DaprLaneActor(
    IActorProxyFactory proxies, ReplicaId replica, ShardOptions options, ShardMetrics metrics, TimeProvider clock, ILogger<DaprLaneActor> log) : ILaneActor
{
    static readonly TimeSpan CallTimeout = TimeSpan.FromSeconds(20);

    public async ValueTask<bool> RecordWaitingAsync(string lane, CancellationToken ct)
    {
        try
        {
            var response = await InvokeAsync(lane, nameof(IJackpotActor.RecordWaiting), replica.Bytes, ct);
            return response.Span is [IJackpotActor.Here];
        }
#pragma warning disable CA1031 // Whatever went wrong, the lane goes on as if the actor lived elsewhere.
        catch (Exception e)
#pragma warning restore CA1031
        {
            LogRingFailed(log, lane, e);
            return false;
        }
    }

    public async ValueTask<RecordedContribution[]> RecordAsync(string lane, ReadOnlyMemory<byte> request, int count, CancellationToken ct)
    {
        var start = clock.GetTimestamp();
        var answers = await CallAsync(lane, request, count, ct);
        metrics.BatchAnswered(answers, clock.GetElapsedTime(start));
        return answers;
    }

    async ValueTask<RecordedContribution[]> CallAsync(string lane, ReadOnlyMemory<byte> request, int count, CancellationToken ct)
    {
        try
        {
            var response = await InvokeAsync(lane, nameof(IJackpotActor.RecordBatch), request, ct);
            var answers = BatchCodec.ReadResponse(response.Span);
            return answers.Length == count
                ? answers
                : throw new InvalidDataException($"The actor answered {answers.Length} of {count} items.");
        }
#pragma warning disable CA1031 // Any failure of the call leaves the items in doubt; their senders are told so and ask again with the same key.
        catch (Exception e)
#pragma warning restore CA1031
        {
            LogCallFailed(log, lane, count, e);
            return LaneBatch.AllUnavailable(count);
        }
    }

    async Task<ReadOnlyMemory<byte>> InvokeAsync(string lane, string method, ReadOnlyMemory<byte> body, CancellationToken ct)
    {
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(ct);
        deadline.CancelAfter(CallTimeout);
        return await proxies.Create(new ActorId(lane), options.ActorType).InvokeRawAsync(method, body, deadline.Token);
    }

    [LoggerMessage(EventId = 100, Level = LogLevel.Warning, Message = "Actor call of lane {Lane} with {Items} items failed; their senders will ask again")]
    static partial void LogCallFailed(ILogger logger, string lane, int items, Exception exception);

    [LoggerMessage(EventId = 101, Level = LogLevel.Warning, Message = "The actor of lane {Lane} could not be asked for a turn; its batches are sent to it")]
    static partial void LogRingFailed(ILogger logger, string lane, Exception exception);
}
