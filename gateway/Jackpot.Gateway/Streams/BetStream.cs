using System.Buffers;
using System.Text.Json;
using Jackpot.Gateway.Feeds;
using Jackpot.Gateway.Regions;
using Jackpot.ServiceDefaults.Requests;
using Jackpot.Streams.Canaries;
using Jackpot.Streams.Deliveries;
using Microsoft.AspNetCore.Http.Features;

namespace Jackpot.Gateway.Streams;

/// <summary>
/// The region's one reader of bets: takes a delivery, hands each event to its shard, all shards at once, and answers for each. It keeps nothing: an
/// event is done when a shard has it in its database or the broker has it for that shard, and comes again in every other case.
/// </summary>
sealed partial class BetStream : IDisposable
{
    /// <summary>Deliveries in hand at once; the sidecar keeps more waiting than that.</summary>
    const int DeliveriesMax = 16;

    /// <summary>Before a delivery is answered of which all went to the end of the stream again, so that they go round no faster.</summary>
    static readonly TimeSpan RoundPause = TimeSpan.FromMilliseconds(500);

    internal const string ClientName = "shards";

    readonly SemaphoreSlim _slots = new(DeliveriesMax);
    readonly EventRouting _routing;
    readonly WaitingTopics _waiting;
    readonly CanaryTopics _canaries;
    readonly StreamCounters _counters;
    readonly TimeProvider _clock;
    readonly ILogger<BetStream> _log;
    readonly Dictionary<string, ShardRoad> _roads;

    public BetStream(
        EventRouting routing, RegionDirectory directory, WaitingTopics waiting, CanaryTopics canaries, StreamCounters counters, IHttpClientFactory clients, TimeProvider clock,
        ILogger<BetStream> log, ILogger<ShardRoad> roadLog)
    {
        (_routing, _waiting, _canaries, _counters, _clock, _log) = (routing, waiting, canaries, counters, clock, log);
        _roads = directory.Shards.ToDictionary(shard => shard.Key, shard => new ShardRoad(shard.Key, shard.Value, clients.CreateClient(ClientName), clock, roadLog));
        counters.Watch(_roads.Values);
    }

    public void Dispose() => _slots.Dispose();

    internal async Task TakeAsync(HttpContext http, CanaryTopic topic, Feed? feed)
    {
        _canaries.Heard(topic);
        await _slots.WaitAsync(http.RequestAborted);
        try
        {
            if (await ReadAsync(http) is { } events)
            {
                var routed = events.ConvertAll(one => _routing.Route(one, feed));
                await Task.WhenAll(routed.Where(one => one.Shard is not null).GroupBy(one => one.Shard!).Select(ofShard => HandAsync(ofShard.Key, [.. ofShard], http.RequestAborted)));
                _counters.Count(routed);
                if (routed.Count > 0 && routed.TrueForAll(one => one.Outcome == StreamCounters.GoesRound))
                {
                    await Task.Delay(RoundPause, _clock, http.RequestAborted);
                }

                await AnswerAsync(http, routed);
            }
        }
        finally
        {
            _slots.Release();
        }
    }

    static async Task<List<StreamedEvent>?> ReadAsync(HttpContext http)
    {
        if (http.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } limit)
        {
            limit.MaxRequestBodySize = ShardDelivery.BytesMax;
        }

        try
        {
            var (fits, events) = await RequestBody.ParseAsync(http.Request, ShardDelivery.BytesMax, Delivery.Read);
            http.Response.StatusCode = fits ? StatusCodes.Status200OK : StatusCodes.Status413PayloadTooLarge;
            return events;
        }
        catch (JsonException)
        {
            http.Response.StatusCode = StatusCodes.Status400BadRequest;
            return null;
        }
    }

    async Task HandAsync(string shard, List<RoutedEvent> events, CancellationToken ct)
    {
        var road = _roads[shard];
        await road.SendAsync(events, ct);
        var left = events.FindAll(one => one.Status == EntryStatus.Retry);
        if (left.Count == 0)
        {
            return;
        }

        if (!road.HasWaitingTopic)
        {
            LogGoesRound(_log, left.Count, shard);
        }

        await _waiting.KeepAsync(road, left, ct);
    }

    static async Task AnswerAsync(HttpContext http, List<RoutedEvent> events)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            json.WriteStartArray("statuses"u8);
            foreach (var one in events)
            {
                json.WriteStartObject();
                json.WriteString("entryId"u8, one.EntryId);
                json.WriteString("status"u8, one.Status switch { EntryStatus.Done => "SUCCESS"u8, EntryStatus.Drop => "DROP"u8, _ => "RETRY"u8 });
                json.WriteEndObject();
            }

            json.WriteEndArray();
            json.WriteEndObject();
        }

        http.Response.ContentType = "application/json";
        http.Response.ContentLength = buffer.WrittenCount;
        await http.Response.Body.WriteAsync(buffer.WrittenMemory, http.RequestAborted);
    }

    [LoggerMessage(EventId = 654, Level = LogLevel.Warning, Message = "{Events} events go to the end of the stream: shard {Shard} did not take them, and its waiting topic has not been seen to work since this gateway started")]
    static partial void LogGoesRound(ILogger logger, int events, string shard);
}
