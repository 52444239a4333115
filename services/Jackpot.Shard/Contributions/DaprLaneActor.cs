using Jackpot.Dapr.Actors;
using Jackpot.Shard.Regions;
using Jackpot.Shard.Telemetry;

namespace Jackpot.Shard.Contributions;

/// <summary>Reaches a lane's actor through the sidecar. Whatever goes wrong on the way, the items may have been stored: they are answered "unavailable".</summary>
internal sealed partial class DaprLaneActor(IActorProxyFactory proxies, ShardOptions options, ShardMetrics metrics, TimeProvider clock, ILogger<DaprLaneActor> log) : ILaneActor
{
    public const string RecordBatch = nameof(RecordBatch);

    static readonly TimeSpan CallTimeout = TimeSpan.FromSeconds(20);
    static readonly RecordedContribution Unavailable = new() { Kind = RecordedKind.Unavailable };

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
            using var deadline = CancellationTokenSource.CreateLinkedTokenSource(ct);
            deadline.CancelAfter(CallTimeout);
            var proxy = proxies.Create(new ActorId(lane), options.ActorType);
            var response = await proxy.InvokeRawAsync(RecordBatch, request, deadline.Token);
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
            var answers = new RecordedContribution[count];
            Array.Fill(answers, Unavailable);
            return answers;
        }
    }

    [LoggerMessage(EventId = 100, Level = LogLevel.Warning, Message = "Actor call of lane {Lane} with {Items} items failed; their senders will ask again")]
    static partial void LogCallFailed(ILogger logger, string lane, int items, Exception exception);
}
