using System.Text.Json;
using Dapr;
using Dapr.AspNetCore;
using Dapr.Client;
using Jackpot.Contracts.Events;
using Jackpot.Ledger.Settings;
using Jackpot.Ledger.Telemetry;
using Jackpot.Shard.Contributions;
using Jackpot.Shard.Problems;
using Jackpot.Shard.Regions;
using Jackpot.Shard.Requests;
using Jackpot.Shard.Sidecar;
using Microsoft.AspNetCore.Http.Features;

namespace Jackpot.Shard.Streams;

/// <summary>
/// Bets as operators stream them in: the same endpoint as over HTTP, so a bet that comes twice, or both ways, is recorded once. Every shard
/// of a region hears every bet; the tenant's own takes it, and the region's first answers for tenants of nobody.
/// </summary>
internal sealed partial class BetStream(
    TenantDirectory tenants, ContributionIntake endpoint, DaprClient dapr, ShardMetrics metrics, ShardOptions options, ILogger<BetStream> log)
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

        await BuryAsync(bets.FindAll(bet => bet.Refused is not null), http.RequestAborted);
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
                bet.End(BulkSubscribeAppResponseStatus.DROP, "unreadable");
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

    /// <summary>
    /// A bet that may yet be recorded comes again. One that reaches several jackpots is done when each of them has answered: that some do
    /// not take it is no fault of the bet.
    /// </summary>
    static void Conclude(StreamedBet bet, in IntakeItem item)
    {
        var refused = item.Refusal;
        var mayYetBe = refused is not null
            ? IsPassing(refused)
            : item.Looked is { IsFanOut: true } several && several.Parts.Exists(part => part.Refusal is { } refusal && IsPassing(refusal));
        if (mayYetBe)
        {
            bet.End(BulkSubscribeAppResponseStatus.RETRY, "retried");
            return;
        }

        bet.Refused = refused;
        bet.End(BulkSubscribeAppResponseStatus.SUCCESS, refused is null ? "taken" : "refused");
    }

    static bool IsPassing(RefusedContribution refused) => Problem.For(refused.Refusal).Status == StatusCodes.Status503ServiceUnavailable;

    /// <summary>Puts refused bets on the dead letter topic with the reason, which the sidecar could not add. What it does not take comes again.</summary>
    async Task BuryAsync(List<StreamedBet> refused, CancellationToken ct)
    {
        if (refused.Count == 0)
        {
            return;
        }

        try
        {
            var events = refused.Select(bet => new CloudEvent<JsonElement>(RefusedBet.Of(bet)) { Id = $"{bet.EventId}-{options.Id}", Type = RefusedBet.EventType, Source = new Uri(options.Id, UriKind.Relative) }).ToList();
            var answer = await dapr.BulkPublishEventAsync(PubSub.Bets, Topics.RefusedBets, events, cancellationToken: ct);
            if (answer.FailedEntries.Count == 0)
            {
                return;
            }
        }
        catch (Exception e) when (e is DaprException)
        {
            LogNotBuried(log, refused.Count, e);
        }

        refused.ForEach(bet => bet.End(BulkSubscribeAppResponseStatus.RETRY, "retried"));
    }

    void Count(List<StreamedBet> bets)
    {
        foreach (var outcome in bets.CountBy(bet => bet.Outcome))
        {
            metrics.BetsStreamed(outcome.Value, outcome.Key);
        }
    }

    [LoggerMessage(EventId = 620, Level = LogLevel.Error, Message = "Event '{Id}' is no bet that can be read: {Why}; it goes to the dead letter topic")]
    static partial void LogUnreadable(ILogger logger, string id, string why);

    [LoggerMessage(EventId = 621, Level = LogLevel.Warning, Message = "{Bets} refused bets could not be put on the dead letter topic; they come again")]
    static partial void LogNotBuried(ILogger logger, int bets, Exception exception);
}
