using System.Text.Json;
using Dapr;
using Dapr.AspNetCore;
using Jackpot.Contracts.Events;
using Jackpot.Ledger.Settings;
using Jackpot.Ledger.Telemetry;
using Jackpot.ServiceDefaults.Sidecar;
using Jackpot.Shard.Contributions;
using Jackpot.Shard.Problems;
using Jackpot.Shard.Regions;
using Jackpot.Shard.Rejected;
using Jackpot.Shard.Requests;
using Jackpot.Shard.Voids;
using Jackpot.Streams.Canaries;
using Jackpot.Streams.Deliveries;
using Microsoft.AspNetCore.Http.Features;

namespace Jackpot.Shard.Streams;

/// <summary>
/// Bets as operators stream them in: the same intake as over HTTP, so a bet that comes twice, or both ways, is recorded once. The region's gateway
/// reads the stream and hands over what is this shard's; what the shard did not take in time waits on a topic that it alone reads.
/// </summary>
internal sealed partial class BetStream(TenantDirectory tenants, ContributionIntake endpoint, VoidIntake voids, RejectedMessages rejected, CanaryTopics canaries, ShardMetrics metrics, ShardOptions options, ILogger<BetStream> log)
{
    /// <summary>Bets of one delivery.</summary>
    const int EntriesMax = 100;

    /// <summary>How long a delivery waits to fill, in milliseconds.</summary>
    const int AwaitMsMax = 20;

    readonly CanaryTopic _topic = WaitingTopic(options);

    public static CanaryTopic WaitingTopic(ShardOptions options) => new(PubSub.Bets, Topics.BetsWaitingFor(options.Id));

    public static void Map(IEndpointRouteBuilder routes)
    {
        var topic = WaitingTopic(routes.ServiceProvider.GetRequiredService<ShardOptions>()).Topic;
        routes.MapPost("/events/bets", (HttpContext http, BetStream stream) => stream.TakeWaitingAsync(http))
            .WithTopic(new TopicOptions { PubsubName = PubSub.Bets, Name = topic, DeadLetterTopic = Topics.RefusedBets })
            .WithBulkSubscribe(new BulkSubscribeTopicOptions { TopicName = topic, MaxMessagesCount = EntriesMax, MaxAwaitDurationMs = AwaitMsMax })
            .RequireSidecarToken()
            .ExcludeFromDescription();
        routes.MapPost(ShardDelivery.Path, (HttpContext http, BetStream stream) => stream.TakeHandedAsync(http)).ExcludeFromDescription();
    }

    Task<IResult> TakeWaitingAsync(HttpContext http)
    {
        canaries.Heard(_topic);
        return TakeAsync(http);
    }

    Task<IResult> TakeHandedAsync(HttpContext http)
    {
        if (canaries.HasAnswered(_topic))
        {
            http.Response.Headers[ShardDelivery.WaitingTopicHeader] = "works";
        }

        return TakeAsync(http);
    }

    async Task<IResult> TakeAsync(HttpContext http)
    {
        if (http.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } limit)
        {
            limit.MaxRequestBodySize = ShardDelivery.BytesMax;
        }

        if (await StrictBody.ReadUncheckedAsync(http, ShardDelivery.BytesMax, Delivery.Read) is not { } events)
        {
            return Results.Empty;
        }

        var bets = events.ConvertAll(StreamedBet.Of);
        Sort(bets);
        var taken = bets.FindAll(bet => bet.Request is not null && bet.Status is null);
        var items = await endpoint.TakeAsync([.. taken.Select(bet => new Incoming(bet.Request!, bet.Request!.TenantId!))], http.RequestAborted);
        for (var i = 0; i < taken.Count; i++)
        {
            Conclude(taken[i], items[i]);
        }

        // After the bets of the same delivery, so that a void finds its bet; one that does not waits for it.
        await TakeVoidsAsync(bets.FindAll(bet => bet.Void is not null && bet.Status is null), http.RequestAborted);
        await KeepAsync(bets.FindAll(bet => bet.Refused is not null || bet.Event.Unreadable is not null), http.RequestAborted);
        Count(bets);
        return Results.Json(new BulkSubscribeAppResponse([.. bets.Select(bet => new BulkSubscribeAppResponseEntry(bet.Event.EntryId, bet.Status!.Value))]), JsonSerializerOptions.Web);
    }

    /// <summary>Takes out what cannot be read, what is refused already, and what is not this shard's.</summary>
    void Sort(List<StreamedBet> bets)
    {
        foreach (var bet in bets)
        {
            if (bet.Event.Unreadable is { } why)
            {
                LogUnreadable(log, bet.Event.Attributes.Id ?? "", why);
                bet.End(BulkSubscribeAppResponseStatus.SUCCESS, "unreadable");
                continue;
            }

            if (bet.Event.Attributes.Type == BetEvents.Canary)
            {
                bet.End(BulkSubscribeAppResponseStatus.SUCCESS, "canary");
                continue;
            }

            if (bet.Refused is null && (bet.TenantId is { } id ? tenants.Find(id) : null) is var tenant && (tenant is null || !tenants.IsOurs(tenant)))
            {
                bet.Refused = tenant is null
                    ? new(Refusal.TenantUnknown, "no tenant of the name in 'tenant_id' is known")
                    : new(Refusal.TenantElsewhere, "this tenant is served elsewhere; publish its bets there");
            }

            if (bet.Refused is not null)
            {
                bet.End(BulkSubscribeAppResponseStatus.SUCCESS, "refused");
            }
        }
    }

    /// <summary>A bet that may yet be recorded comes again.</summary>
    static void Conclude(StreamedBet bet, in IntakeItem item)
    {
        if (item.MayYetBeTaken)
        {
            bet.End(BulkSubscribeAppResponseStatus.RETRY, "retried");
            return;
        }

        bet.Refused = item.Refusal;
        bet.End(BulkSubscribeAppResponseStatus.SUCCESS, item.Refusal is null ? "taken" : "refused");
    }

    async Task TakeVoidsAsync(List<StreamedBet> taken, CancellationToken ct)
    {
        if (taken.Count == 0)
        {
            return;
        }

        var outcomes = await voids.TakeAsync([.. taken.Select(bet => bet.Void!)], ct);
        foreach (var (bet, outcome) in taken.Zip(outcomes))
        {
            bet.Refused = outcome.Status == VoidStatus.Refused ? new RefusedContribution(outcome.Refusal, outcome.Detail) : null;
            bet.End(
                outcome.Status == VoidStatus.Retry ? BulkSubscribeAppResponseStatus.RETRY : BulkSubscribeAppResponseStatus.SUCCESS,
                outcome.Status switch { VoidStatus.Retry => "retried", VoidStatus.Refused => "refused", _ => "voided" });
        }
    }

    /// <summary>Keeps what is refused and what cannot be read, for staff to look at. What there is no room for comes again.</summary>
    async Task KeepAsync(List<StreamedBet> bets, CancellationToken ct)
    {
        if (!await rejected.TryKeepAsync(bets.ConvertAll(MessageOf), ct))
        {
            bets.ForEach(bet => bet.End(BulkSubscribeAppResponseStatus.RETRY, "retried"));
        }
    }

    static RejectedMessage MessageOf(StreamedBet bet) => bet.Refused is { Refusal: not Refusal.MalformedJson } refused
        ? new(Topics.Bets, bet.TenantId, Problem.For(refused.Refusal).Name, refused.Detail, bet.Event.Attributes.Id ?? "", bet.Body.Bytes)
        : new(Topics.Bets, null, RejectedReason.Unreadable, bet.Refused?.Detail ?? bet.Event.Unreadable!, bet.Event.Attributes.Id ?? "", bet.Body.Bytes);

    void Count(List<StreamedBet> bets)
    {
        foreach (var outcome in bets.CountBy(bet => bet.Outcome))
        {
            metrics.BetsStreamed(outcome.Value, outcome.Key);
        }
    }

    [LoggerMessage(EventId = 620, Level = LogLevel.Error, Message = "Event '{Id}' is no bet that can be read: {Why}; it is kept")]
    static partial void LogUnreadable(ILogger logger, string id, string why);
}
