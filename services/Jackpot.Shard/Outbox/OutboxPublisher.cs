using System.Text;
using Dapr;
using Dapr.Client;
using Jackpot.Contracts.Events;
using Jackpot.Shard.Sidecar;

namespace Jackpot.Shard.Outbox;

/// <summary>One event on its way to a topic.</summary>
/// <param name="Row">The outbox row that it is, or a part of.</param>
/// <param name="Payload">JSON.</param>
internal sealed record OutgoingEvent(long Row, string Payload);

/// <summary>An event that did not get to the broker although it was sent alone.</summary>
/// <param name="Event">The event.</param>
/// <param name="Reason">What the sidecar said.</param>
/// <param name="IsRefused">The sidecar has refused the request itself and will do so again; otherwise the broker may take it later.</param>
internal sealed record UnpublishedEvent(OutgoingEvent Event, string Reason, bool IsRefused);

/// <summary>Publishes events through Dapr pub/sub, many in one call, bounded by count and by bytes; one bad event does not stop those beside it.</summary>
internal sealed class OutboxPublisher(DaprClient dapr, EventOrigin origin)
{
    public const int EventsMax = 200;

    /// <summary>Bytes of one call, envelopes included. Dapr's own limit is 4 MiB, unless somebody has set it.</summary>
    public const int CallBytesMax = 3 << 20;

    /// <summary>What an event's entry in a call costs besides its JSON, and what the sidecar's CloudEvent adds.</summary>
    const int EnvelopeBytes = 1024;

    /// <summary>What the broker said when it took nothing of what was last published; null when it took something, or nothing was published.</summary>
    public string? Fault { get; private set; }

    /// <summary>Somebody else publishes from now on and knows better.</summary>
    public void ForgetFault() => Fault = null;

    /// <summary>Publishes in order. Gives back what did not get through while others did.</summary>
    /// <param name="topic">The topic.</param>
    /// <param name="events">In order.</param>
    /// <param name="confirmed">Called for each one that the broker has.</param>
    /// <param name="ct">Gives up.</param>
    /// <exception cref="DaprException">Nothing can be published now.</exception>
    public async Task<List<UnpublishedEvent>> PublishAsync(string topic, IReadOnlyList<OutgoingEvent> events, Action<OutgoingEvent> confirmed, CancellationToken ct)
    {
        var unpublished = new List<UnpublishedEvent>();
        try
        {
            foreach (var call in Calls([.. events.Select(one => one with { Payload = origin.Write(one.Payload) })]))
            {
                await SendAsync(topic, call, confirmed, unpublished, ct);
            }
        }
        catch (DaprException away)
        {
            Fault = away.InnerException?.Message ?? away.Message;
            throw;
        }

        Fault = events.Count > 0 && unpublished.Count == events.Count ? unpublished.Find(one => !one.IsRefused)?.Reason : null;
        return unpublished;
    }

    static IEnumerable<List<OutgoingEvent>> Calls(IReadOnlyList<OutgoingEvent> events)
    {
        var (call, bytes) = (new List<OutgoingEvent>(), 0);
        foreach (var one in events)
        {
            var size = Encoding.UTF8.GetByteCount(one.Payload) + EnvelopeBytes;
            if (call.Count > 0 && (call.Count == EventsMax || bytes + size > CallBytesMax))
            {
                yield return call;
                (call, bytes) = ([], 0);
            }

            call.Add(one);
            bytes += size;
        }

        if (call.Count > 0)
        {
            yield return call;
        }
    }

    async Task SendAsync(string topic, List<OutgoingEvent> call, Action<OutgoingEvent> confirmed, List<UnpublishedEvent> unpublished, CancellationToken ct)
    {
        try
        {
            var response = await dapr.BulkPublishEventAsync(
                PubSub.Events, topic, (IReadOnlyList<JsonText>)[.. call.Select(one => new JsonText(one.Payload))], cancellationToken: ct);
            var failed = response.FailedEntries.ToDictionary(
                entry => int.Parse(entry.Entry.EntryId, System.Globalization.CultureInfo.InvariantCulture), entry => entry.ErrorMessage);
            await SortAsync(topic, call, failed, confirmed, unpublished, ct);
        }
        catch (DaprException refused) when (RowFault.IsOfTheRequest(refused) && call.Count > 1)
        {
            // One of them is to blame; halves find out which.
            await SendAsync(topic, call[..(call.Count / 2)], confirmed, unpublished, ct);
            await SendAsync(topic, call[(call.Count / 2)..], confirmed, unpublished, ct);
        }
        catch (DaprException refused) when (RowFault.IsOfTheRequest(refused))
        {
            unpublished.Add(new UnpublishedEvent(call[0], refused.Message, IsRefused: true));
        }
    }

    /// <summary>What failed beside others that did not is tried once more alone: the whole call cannot tell a bad event from a bad moment.</summary>
    async Task SortAsync(
        string topic, List<OutgoingEvent> call, Dictionary<int, string> failed, Action<OutgoingEvent> confirmed, List<UnpublishedEvent> unpublished, CancellationToken ct)
    {
        if (failed.Count == call.Count && call.Count > 1)
        {
            throw new DaprException($"the broker took none of {call.Count} events of {topic}: {failed.Values.First()}");
        }

        for (var i = 0; i < call.Count; i++)
        {
            if (!failed.TryGetValue(i, out var reason))
            {
                confirmed(call[i]);
            }
            else if (call.Count == 1)
            {
                unpublished.Add(new UnpublishedEvent(call[i], reason, IsRefused: false));
            }
            else
            {
                await SendAsync(topic, [call[i]], confirmed, unpublished, ct);
            }
        }
    }
}
