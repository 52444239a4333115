using System.Text.Json;
using Dapr;
using Jackpot.Contracts.Events;
using Jackpot.ServiceDefaults.Sidecar;
using Jackpot.Shard.Regions;
using Jackpot.Shard.Sidecar;
using Jackpot.Streams.Canaries;

namespace Jackpot.Shard.Rejected;

/// <summary>
/// Our consumer of the dead letter topics: bets and events whose subscriber did not take them, however often it was tried. Every shard hears each;
/// the tenant's own keeps it, and the region's first what belongs to nobody.
/// </summary>
internal sealed class DeadLetters(RejectedMessages messages, TenantDirectory tenants, CanaryTopics canaries)
{
    /// <summary>Events that name a topic of ours came from it.</summary>
    static readonly string[] Known =
    [
        Topics.Bets, Topics.Triggered, Topics.PayoutRequested, Topics.PayoutCredited, Topics.PayoutFailed, Topics.PayoutHeld, Topics.PoolUpdated,
        Topics.ContributionRecorded, Topics.BalancingIncident, Topics.ConfigChanged,
    ];

    const string Detail = "its subscriber did not take it, however often it was tried";

    static readonly CanaryTopic Bets = new(PubSub.Bets, Topics.RefusedBets);
    static readonly CanaryTopic Events = new(PubSub.Events, Topics.DeadEvents);

    /// <summary>What is subscribed to here.</summary>
    public static readonly CanaryTopic[] Subscribed = [Bets, Events];

    public static void Map(IEndpointRouteBuilder routes)
    {
        MapTopic("/events/dead/bets", Bets);
        MapTopic("/events/dead/events", Events);

        // A topic is its own dead letter topic: what cannot be kept for long goes round, and is never lost.
        void MapTopic(string path, CanaryTopic topic) => routes.MapPost(path, (HttpContext http, DeadLetters dead) => dead.TakeAsync(http, topic))
            .WithTopic(new TopicOptions { PubsubName = topic.Component, Name = topic.Topic, DeadLetterTopic = topic.Topic })
            .RequireSidecarToken()
            .ExcludeFromDescription();
    }

    async Task<IResult> TakeAsync(HttpContext http, CanaryTopic topic)
    {
        canaries.Heard(topic);
        using var body = new MemoryStream();
        await http.Request.Body.CopyToAsync(body, http.RequestAborted);
        if (IsCanary(body.ToArray()))
        {
            return TopicResult.Success;
        }

        var message = Read(body.ToArray(), topic.Topic);
        var tenant = message.TenantId is { } id ? tenants.Find(id) : null;
        var isOurs = tenant is not null && tenants.IsOfRegion(tenant) ? tenants.IsOurs(tenant) : tenants.IsFirstOfRegion;
        return !isOurs || await messages.TryKeepAsync([message], http.RequestAborted) ? TopicResult.Success : TopicResult.Retry;
    }

    static bool IsCanary(byte[] body)
    {
        try
        {
            using var json = JsonDocument.Parse(body);
            return TextOf(json.RootElement, "type") == BetEvents.Canary;
        }
        catch (Exception fault) when (fault is JsonException or InvalidOperationException)
        {
            return false;
        }
    }

    /// <summary>Whatever came: what cannot be read of it is left out.</summary>
    internal static RejectedMessage Read(byte[] body, string deadLetterTopic)
    {
        var message = new RejectedMessage(deadLetterTopic == Topics.RefusedBets ? Topics.Bets : deadLetterTopic, null, RejectedReason.TriedToTheEnd, Detail, "", body);
        try
        {
            using var json = JsonDocument.Parse(body);
            var envelope = json.RootElement;
            var topic = TextOf(envelope, "topic") is { } named && Known.Contains(named) && deadLetterTopic != Topics.RefusedBets ? named : message.Topic;
            var data = envelope.ValueKind == JsonValueKind.Object && envelope.TryGetProperty("data", out var value) ? value : default;

            // A bet is its data, so that it stands here once, whether it was refused or tried to the end.
            var isBet = topic == Topics.Bets && data.ValueKind == JsonValueKind.Object;
            return message with
            {
                Topic = topic,
                EventId = TextOf(envelope, "id") ?? "",
                TenantId = TextOf(data, "tenant_id"),
                Body = isBet ? System.Runtime.InteropServices.JsonMarshal.GetRawUtf8Value(data).ToArray() : body,
            };
        }
        catch (Exception fault) when (fault is JsonException or InvalidOperationException)
        {
            return message;
        }
    }

    static string? TextOf(JsonElement json, string name) =>
        json.ValueKind == JsonValueKind.Object && json.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;
}
