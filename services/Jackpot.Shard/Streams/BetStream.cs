using System.Runtime.InteropServices;
using System.Text.Json;
using Dapr;
using Dapr.AspNetCore;
using Jackpot.Contracts.Events;
using Jackpot.Ledger.Telemetry;
using Jackpot.Shard.Contributions;
using Jackpot.Shard.Problems;
using Jackpot.Shard.Regions;
using Jackpot.Shard.Rejected;
using Jackpot.Shard.Requests;
using Jackpot.Shard.Sidecar;
using Microsoft.AspNetCore.Http.Features;

namespace Jackpot.Shard.Streams;

/// <summary>
/// Bets as operators stream them in: the same endpoint as over HTTP, so a bet that comes twice, or both ways, is recorded once. Every shard
/// of a region hears every bet; the tenant's own takes it, and the region's first answers for tenants of nobody.
/// </summary>
internal sealed partial class BetStream(
    TenantDirectory tenants, ContributionIntake endpoint, RejectedMessages rejected, ShardMetrics metrics, ILogger<BetStream> log)
{
    /// <summary>Bets of one delivery.</summary>
    const int EntriesMax = 100;

    /// <summary>How long a delivery waits to fill, in milliseconds.</summary>
    const int AwaitMsMax = 20;

    /// <summary>Largest delivery: as many bets as one may hold, each far larger than any that is taken.</summary>
    const int DeliveryBytesMax = EntriesMax * 20 * ContributionEndpoints.SingleBytesMax;

    public static void Map(IEndpointRouteBuilder routes) =>
        routes.MapPost("/events/bets", (HttpContext http, BetStream stream) => stream.TakeAsync(http))
            .WithTopic(new TopicOptions { PubsubName = PubSub.Bets, Name = Topics.Bets, DeadLetterTopic = Topics.RefusedBets })
            .WithBulkSubscribe(new BulkSubscribeTopicOptions { TopicName = Topics.Bets, MaxMessagesCount = EntriesMax, MaxAwaitDurationMs = AwaitMsMax })
            .RequireSidecarToken()
            .ExcludeFromDescription();

    async Task<IResult> TakeAsync(HttpContext http)
    {
        if (http.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } limit)
        {
            limit.MaxRequestBodySize = DeliveryBytesMax;
        }

        if (await StrictBody.ReadUncheckedAsync(http, DeliveryBytesMax, BetDelivery.Read) is not { } bets)
        {
            return Results.Empty;
        }

        Sort(bets);
        var taken = bets.FindAll(bet => bet.Request is not null && bet.Status is null);
        var items = await endpoint.TakeAsync([.. taken.Select(bet => new Incoming(bet.Request!, bet.Request!.TenantId!))], http.RequestAborted);
        for (var i = 0; i < taken.Count; i++)
        {
            Conclude(taken[i], items[i]);
        }

        await KeepAsync(bets.FindAll(bet => bet.Refused is not null || (bet.Request is null && tenants.IsFirstOfRegion)), http.RequestAborted);
        Count(bets);
        return Results.Json(new BulkSubscribeAppResponse([.. bets.Select(bet => new BulkSubscribeAppResponseEntry(bet.EntryId, bet.Status!.Value))]), JsonSerializerOptions.Web);
    }

    /// <summary>Takes out what cannot be read and what is for another shard.</summary>
    void Sort(List<StreamedBet> bets)
    {
        foreach (var bet in bets)
        {
            var tenant = bet.Request?.TenantId is { } id ? tenants.Find(id) : null;
            if (bet.Request is null)
            {
                LogUnreadable(log, bet.EventId, bet.Unreadable);
                bet.End(BulkSubscribeAppResponseStatus.SUCCESS, "unreadable");
            }
            else if (tenant is not null && tenants.IsOurs(tenant))
            {
                continue;
            }
            else if (tenant is null ? tenants.IsFirstOfRegion : tenants.IsFirstOfRegion && !tenants.IsOfRegion(tenant))
            {
                bet.Refused = tenant is null
                    ? new(Refusal.TenantUnknown, "no tenant of the name in 'tenant_id' is known")
                    : new(Refusal.TenantElsewhere, "this tenant is served in another region; publish its bets there");
                bet.End(BulkSubscribeAppResponseStatus.SUCCESS, "refused");
            }
            else
            {
                bet.End(BulkSubscribeAppResponseStatus.SUCCESS, "elsewhere");
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

    /// <summary>Keeps what is refused and what cannot be read, for staff to look at. What there is no room for comes again.</summary>
    async Task KeepAsync(List<StreamedBet> bets, CancellationToken ct)
    {
        if (!await rejected.TryKeepAsync(bets.ConvertAll(MessageOf), ct))
        {
            bets.ForEach(bet => bet.End(BulkSubscribeAppResponseStatus.RETRY, "retried"));
        }
    }

    static RejectedMessage MessageOf(StreamedBet bet) => bet.Refused is { } refused
        ? new(Topics.Bets, bet.Request!.TenantId, Problem.For(refused.Refusal).Name, refused.Detail, bet.EventId, JsonMarshal.GetRawUtf8Value(bet.Data).ToArray())
        : new(Topics.Bets, null, RejectedReason.Unreadable, bet.Unreadable, bet.EventId, bet.Raw);

    void Count(List<StreamedBet> bets)
    {
        foreach (var outcome in bets.CountBy(bet => bet.Outcome))
        {
            metrics.BetsStreamed(outcome.Value, outcome.Key);
        }
    }

    [LoggerMessage(EventId = 620, Level = LogLevel.Error, Message = "Event '{Id}' is no bet that can be read: {Why}; the region's first shard keeps it")]
    static partial void LogUnreadable(ILogger logger, string id, string why);
}
