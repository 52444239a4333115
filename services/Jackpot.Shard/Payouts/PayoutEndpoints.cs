using System.Data.Common;
using System.Text.Json;
using Dapr;
using Grpc.Core;
using Jackpot.Contracts.Events;
using Jackpot.Core.Community;
using Jackpot.Ledger.Awards;
using Jackpot.Ledger.Settings;
using Jackpot.Shard.Outbox;
using Jackpot.Shard.Requests;
using Jackpot.Shard.Sidecar;
using Npgsql;

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
            .RequireSidecarToken().ExcludeFromDescription();
        routes.MapSubscribeHandler().RequireSidecarToken();
    }

    static async Task<IResult> StartAsync(
        HttpContext http, PayoutStarter starter, PayoutStore payouts, ShardOptions options, ILogger<PayoutStarter> log, CancellationToken ct)
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
            var ofAward = await payouts.OfAwardAsync(triggered.AwardId, ct);
            if (ofAward.Count == 0)
            {
                LogUnknown(log, triggered.AwardId, delivery.Id);
                return TopicResult.Drop;
            }

            await StartSagasAsync(triggered.AwardId, ofAward, starter, ct);
            return TopicResult.Success;
        }
        catch (PostgresException e) when (!RowFault.IsOutage(e))
        {
            LogUnreadable(log, delivery.Id);
            return TopicResult.Drop;
        }
        catch (Exception e) when (e is RpcException or DbException)
        {
            LogNotStarted(log, triggered.AwardId, e);
            return TopicResult.Retry;
        }
    }

    /// <summary>What the tables say counts, not what the event claims: it says only that there is something to look at.</summary>
    static Task StartSagasAsync(string awardId, IReadOnlyList<AwardPayout> payouts, PayoutStarter starter, CancellationToken ct) => payouts switch
    {
        [{ State: Payout.Sharing }, ..] => starter.StartSharingAsync(awardId, ct),
        [{ State: Payout.Requested } only] => starter.StartAsync(only.PayoutId, ct),
        _ => starter.StartAllAsync(payouts.Where(payout => payout.State == Payout.Requested).Select(payout => payout.PayoutId), ct),
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

    [LoggerMessage(EventId = 412, Level = LogLevel.Error, Message = "Award {AwardId} of event {Id} is not in the tables of this shard; nothing is started, and the event goes to the dead letter topic")]
    static partial void LogUnknown(ILogger logger, string awardId, string id);

    [LoggerMessage(EventId = 411, Level = LogLevel.Warning, Message = "The payouts of award {AwardId} could not be started; the event comes again")]
    static partial void LogNotStarted(ILogger logger, string awardId, Exception exception);
}
