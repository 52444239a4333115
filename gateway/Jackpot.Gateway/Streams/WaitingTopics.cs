using System.Globalization;
using System.Text.Json;
using Dapr;
using Dapr.AspNetCore;
using Dapr.Client;
using Jackpot.Contracts.Events;
using Jackpot.Gateway.Regions;
using Jackpot.Streams.Deliveries;

namespace Jackpot.Gateway.Streams;

/// <summary>
/// Puts what a shard did not take where it waits for that shard alone, or, as long as nobody knows that the shard has ever subscribed there, at the end
/// of the stream that it came from: a broker may keep a message only for who has subscribed, and an event that the sidecar tries again and
/// again would hold one of the few deliveries that it has in hand, so that a shard that is away would hold up all the others. The
/// keys inside make an event that was taken after all count once.
/// </summary>
sealed partial class WaitingTopics(DaprClient dapr, RegionDirectory directory, ILogger<WaitingTopics> log)
{
    /// <summary>Longest that the broker may take.</summary>
    static readonly TimeSpan PublishMax = TimeSpan.FromSeconds(5);

    /// <summary>Bytes of one call; Dapr takes 4 MiB with the envelopes.</summary>
    const int CallBytesMax = 2 * 1024 * 1024;

    const int EnvelopeBytes = 1024;

    internal async Task KeepAsync(ShardRoad road, IReadOnlyList<RoutedEvent> events, CancellationToken ct)
    {
        var (topic, source, outcome) = road.HasWaitingTopic
            ? (Topics.BetsWaitingFor(road.Shard), directory.Region, StreamCounters.Waiting)
            : (Topics.Bets, $"{directory.Region}/{road.Shard}", StreamCounters.GoesRound);
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(ct);
        limit.CancelAfter(PublishMax);
        try
        {
            foreach (var call in Calls(events))
            {
                await PublishAsync(topic, new Uri(source, UriKind.Relative), call, outcome, limit.Token);
            }
        }
        catch (Exception fault) when (fault is DaprException or OperationCanceledException && !ct.IsCancellationRequested)
        {
            LogNotKept(log, road.Shard, fault.Message);
        }
    }

    async Task PublishAsync(string topic, Uri source, List<RoutedEvent> call, string outcome, CancellationToken ct)
    {
        List<CloudEvent<JsonElement>> events = [.. call.Select(one => new CloudEvent<JsonElement>(JsonElement.Parse(one.Handed!.Data.Span))
        {
            Id = one.Handed.Id.Length > 0 ? one.Handed.Id : Guid.NewGuid().ToString(), Type = one.Handed.Type, Source = source,
        })];
        var answer = await dapr.BulkPublishEventAsync(PubSub.Bets, topic, events, cancellationToken: ct);
        var failed = answer.FailedEntries.Select(entry => int.Parse(entry.Entry.EntryId, CultureInfo.InvariantCulture)).ToHashSet();
        foreach (var (at, one) in call.Index())
        {
            if (!failed.Contains(at))
            {
                one.End(EntryStatus.Done, outcome);
            }
        }
    }

    static IEnumerable<List<RoutedEvent>> Calls(IReadOnlyList<RoutedEvent> events)
    {
        var (call, bytes) = (new List<RoutedEvent>(), 0);
        foreach (var one in events)
        {
            var size = one.Handed!.Data.Length + EnvelopeBytes;
            if (call.Count > 0 && bytes + size > CallBytesMax)
            {
                yield return call;
                (call, bytes) = ([], 0);
            }

            call.Add(one);
            bytes += size;
        }

        yield return call;
    }

    [LoggerMessage(EventId = 653, Level = LogLevel.Warning, Message = "Events that shard {Shard} did not take could not be put where they wait for it; they come again: {Reason}")]
    static partial void LogNotKept(ILogger logger, string shard, string reason);
}
