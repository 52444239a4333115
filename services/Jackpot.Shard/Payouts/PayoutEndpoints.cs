using System.Text.Json;
using Jackpot.Contracts.Events;
using Jackpot.Core.Community;
using Jackpot.Dapr.Grpc;
using Jackpot.Dapr.Subscriptions;
using Jackpot.Shard.Outbox;
using Jackpot.Shard.Regions;
using Jackpot.Shard.Streams;

namespace Jackpot.Shard.Payouts;

/// <summary>Where the news of a drop comes in: every delivery starts the same saga, so the second changes nothing.</summary>
internal static partial class PayoutEndpoints
{
    /// <summary>Where an event goes that could not be handled after every retry of the inbound policy.</summary>
    const string DeadLetterTopic = Topics.Triggered + ".dead";

    /// <summary>More than any award's id has.</summary>
    const int AwardIdCharsMax = 64;

    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapPost("/events/jp-triggered", StartAsync)
            .WithTopic(new TopicOptions { PubsubName = OutboxRelay.PubSub, Name = Topics.Triggered, DeadLetterTopic = DeadLetterTopic })
            .ExcludeFromDescription();
        routes.MapSubscribeHandler();
    }

    static async Task<IResult> StartAsync(
        HttpContext http, PayoutStarter starter, ShardOptions options, ILogger<PayoutStarter> log, CancellationToken ct)
    {
        var delivery = await DeliveredEvent.ReadAsync(http);
        if (delivery is null || Read(delivery.Data) is not { } triggered)
        {
            LogUnreadable(log, delivery?.Id ?? "");
            return TopicResult.Drop;
        }

        // Every shard of the region hears of every drop; the award lies in one of them.
        if (triggered.Shard != options.Id)
        {
            return TopicResult.Success;
        }

        try
        {
            await StartSagasAsync(triggered, starter, ct);
            return TopicResult.Success;
        }
        catch (RpcException e)
        {
            LogNotStarted(log, triggered.AwardId, e);
            return TopicResult.Retry;
        }
    }

    static Task StartSagasAsync(JackpotTriggered triggered, PayoutStarter starter, CancellationToken ct) => triggered switch
    {
        { Sharing: true } => starter.StartSharingAsync(triggered.AwardId, ct),
        { Payouts: 1 } => starter.StartAsync(Payout.IdOf(triggered.AwardId), ct),
        _ => starter.StartAllAsync(Enumerable.Range(0, triggered.Payouts).Select(winner => Payout.IdOf(triggered.AwardId, winner)), ct),
    };

    static JackpotTriggered? Read(JsonElement data)
    {
        try
        {
            // Our own event; but what starts sagas must not start as many as a number in a message says.
            return data.Deserialize(EventJson.Default.JackpotTriggered) is { AwardId.Length: > 0 and <= AwardIdCharsMax, Payouts: >= 1 and <= SimultaneousRules.WinnersMax } triggered
                ? triggered
                : null;
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            return null;
        }
    }

    [LoggerMessage(EventId = 410, Level = LogLevel.Error, Message = "Event {Id} of a drop cannot be read; it goes to the dead letter topic")]
    static partial void LogUnreadable(ILogger logger, string id);

    [LoggerMessage(EventId = 411, Level = LogLevel.Warning, Message = "The payouts of award {AwardId} could not be started; the event comes again")]
    static partial void LogNotStarted(ILogger logger, string awardId, Exception exception);
}
