using System.Text.Json;
using Jackpot.Contracts.Events;
using Jackpot.Gateway.Feeds;
using Jackpot.Gateway.Regions;
using Jackpot.ServiceDefaults.Json;
using Jackpot.Streams.Deliveries;
using Jackpot.Streams.Refusals;

namespace Jackpot.Gateway.Streams;

/// <summary>
/// Decides what an event is and which shard takes it. What is refused goes to the shard of its tenant, or to the region's first where it has none
/// here: of an event of another region's tenant nothing leaves this region.
/// </summary>
sealed class EventRouting(RegionDirectory directory, FeedDirectory feeds)
{
    const string TypeUnknown = "its type is none of those that are bets, and none that is to be ignored; name it in a feed of this region (feeds/*.json)";
    const string TenantUnknown = "no tenant of the name in 'tenant_id' is known";
    const string TenantElsewhere = "this tenant is served in another region; publish its bets there";

    /// <summary>Largest event that comes round: one that was refused holds what was published, which may be base64 there.</summary>
    const int RoundBytesMax = 2 * ShardDelivery.EventBytesMax;

    /// <param name="streamed">The event.</param>
    /// <param name="ofTopic">The feed whose own topic it came on, if any.</param>
    internal RoutedEvent Route(StreamedEvent streamed, Feed? ofTopic)
    {
        var routed = new RoutedEvent(streamed);
        if (streamed.Attributes.Type == BetEvents.Canary)
        {
            return routed.End(EntryStatus.Done, StreamCounters.Canary);
        }

        if (streamed.Unreadable is { } why)
        {
            return Refuse(routed, new(EventRefusal.Unreadable, why, EventBody.Of(streamed.Raw)), directory.FirstShard);
        }

        if (streamed.Data.Length <= RoundBytesMax && GoesTo(streamed.Attributes.Source) is { } shard)
        {
            return routed.To(shard, streamed.Attributes.Type ?? BetEvents.Bet, streamed.Data);
        }

        return (ofTopic ?? feeds.OfSource(streamed.Attributes.Source)) is { } feed ? Mapped(routed, feed.Read(streamed)) : Plain(routed);
    }

    /// <summary>Of an event that a gateway of this region has put to the end of the stream, the shard that it had found. The shard looks at it as at any other.</summary>
    string? GoesTo(string? source) =>
        source is not null && source.Length > directory.Region.Length && source.StartsWith(directory.Region, StringComparison.Ordinal) && source[directory.Region.Length] == '/'
        && source[(directory.Region.Length + 1)..] is var shard && directory.Shards.ContainsKey(shard)
            ? shard
            : null;

    /// <summary>The platform's own shape: the data is a contribution as over HTTP.</summary>
    RoutedEvent Plain(RoutedEvent routed)
    {
        var streamed = routed.Event;
        var tenant = TenantOf(streamed.Data.Span);
        return streamed.Attributes.Type switch
        {
            null or BetEvents.Bet or BetEvents.DaprDefault => Hand(routed, tenant, BetEvents.Bet, streamed.Data),
            BetEvents.Void => Hand(routed, tenant, BetEvents.Void, streamed.Data),
            _ => Refuse(routed, new(EventRefusal.TypeUnknown, TypeUnknown, Published(streamed)), ShardOf(tenant)),
        };
    }

    RoutedEvent Mapped(RoutedEvent routed, MappedEvent mapped) => mapped switch
    {
        { IsIgnored: true } => routed.End(EntryStatus.Done, StreamCounters.Ignored),
        { Refusal: { } refusal } => Refuse(routed, new(refusal, mapped.Detail, Published(routed.Event)), ShardOf(mapped.Tenant)),
        _ => Hand(routed, mapped.Tenant, mapped.Type, mapped.Data),
    };

    RoutedEvent Hand(RoutedEvent routed, string? tenant, string type, ReadOnlyMemory<byte> data)
    {
        var home = tenant is null ? null : directory.Find(tenant);
        return home is null ? Refuse(routed, new(EventRefusal.TenantUnknown, TenantUnknown, Published(routed.Event)), directory.FirstShard)
            : home.ShardId is null ? Refuse(routed, new(EventRefusal.TenantElsewhere, TenantElsewhere, Published(routed.Event)), directory.FirstShard)
            : data.Length > ShardDelivery.EventBytesMax ? routed.End(EntryStatus.Drop, StreamCounters.Dropped)
            : routed.To(home.ShardId, type, data);
    }

    /// <summary>What is too large to be kept with its reason goes to the dead letter topic as it is.</summary>
    static RoutedEvent Refuse(RoutedEvent routed, RefusedEvent refused, string shard) => refused.Body.Bytes.Length > ShardDelivery.EventBytesMax
        ? routed.End(EntryStatus.Drop, StreamCounters.Dropped)
        : routed.To(shard, BetEvents.Refused, refused.ToJson());

    string ShardOf(string? tenant) => (tenant is null ? null : directory.Find(tenant)?.ShardId) ?? directory.FirstShard;

    static EventBody Published(StreamedEvent streamed) => new(streamed.Data, IsJson: true);

    static string? TenantOf(ReadOnlySpan<byte> data)
    {
        var json = StrictJson.ReaderOf(data);
        json.Read();
        while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
        {
            var isTenant = json.ValueTextEquals("tenant_id"u8);
            json.Read();
            if (isTenant)
            {
                return json.TokenType == JsonTokenType.String ? json.GetString() : null;
            }

            json.Skip();
        }

        return null;
    }
}
