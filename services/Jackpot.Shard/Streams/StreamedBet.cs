using System.Text.Json;
using Dapr.AspNetCore;
using Jackpot.Contracts.Events;
using Jackpot.ServiceDefaults.Json;
using Jackpot.Shard.Contributions;
using Jackpot.Shard.Voids;
using Jackpot.Streams.Deliveries;
using Jackpot.Streams.Refusals;

namespace Jackpot.Shard.Streams;

/// <summary>One event of a delivery as this shard sees it, and what becomes of it.</summary>
internal sealed class StreamedBet
{
    StreamedBet(StreamedEvent streamed) => Event = streamed;

    public StreamedEvent Event { get; }

    /// <summary>Null when the event is no contribution, or is refused already.</summary>
    public ContributionRequest? Request { get; private init; }

    /// <summary>What takes a bet back, when it is a void.</summary>
    public VoidRequest? Void { get; private init; }

    /// <summary>Why it is refused for good.</summary>
    public RefusedContribution? Refused { get; set; }

    /// <summary>Whose it says it is.</summary>
    public string? TenantId => Request?.TenantId ?? TenantOf(Body);

    /// <summary>What is kept of it when it is refused.</summary>
    public EventBody Body { get; private init; }

    public BulkSubscribeAppResponseStatus? Status { get; private set; }

    public string Outcome { get; private set; } = "";

    public void End(BulkSubscribeAppResponseStatus status, string outcome) => (Status, Outcome) = (status, outcome);

    /// <summary>Sorts an event by its type; only a contribution is a stake.</summary>
    public static StreamedBet Of(StreamedEvent streamed)
    {
        if (streamed.Unreadable is not null || streamed.Attributes.Type == BetEvents.Canary)
        {
            return new StreamedBet(streamed) { Body = new EventBody(streamed.Raw, IsJson: false) };
        }

        var body = new EventBody(streamed.Data, IsJson: true);
        return streamed.Attributes.Type switch
        {
            null or BetEvents.Bet or BetEvents.DaprDefault => new StreamedBet(streamed) { Body = body, Request = Read(streamed.Data.Span) },
            BetEvents.Void => OfVoid(streamed, body),
            BetEvents.Refused when RefusedEvent.Read(streamed.Data.Span) is { } told => new StreamedBet(streamed) { Body = told.Body, Refused = GatewayRefusal.Of(told) },
            _ => new StreamedBet(streamed) { Body = body, Refused = GatewayRefusal.TypeUnknown },
        };
    }

    static StreamedBet OfVoid(StreamedEvent streamed, EventBody body)
    {
        var (request, refused) = StreamedVoid.Read(streamed.Data.Span);
        return new StreamedBet(streamed) { Body = body, Void = request, Refused = refused };
    }

    static ContributionRequest Read(ReadOnlySpan<byte> data)
    {
        var json = StrictJson.ReaderOf(data);
        json.Read();
        return ContributionReader.Read(ref json);
    }

    static string? TenantOf(EventBody body) =>
        body.IsJson && JsonElement.Parse(body.Bytes.Span) is { ValueKind: JsonValueKind.Object } data && data.TryGetProperty("tenant_id", out var tenant) && tenant.ValueKind == JsonValueKind.String
            ? tenant.GetString()
            : null;
}
