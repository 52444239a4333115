using System.Text;
using System.Text.Json;
using Jackpot.Contracts.Events;

namespace Jackpot.Ledger.Outbox;

/// <summary>A row of the outbox.</summary>
internal sealed record OutboxRow(long Id, string Kind, string Payload, DateTimeOffset CreatedAt);

/// <summary>A row of the outbox as the relay has read it, or why it cannot be read.</summary>
internal sealed class OutboxEvent
{
    /// <summary>
    /// Largest event, in bytes of its JSON: brokers take a message of up to about 1 MB unless they are told otherwise, and the sidecar puts an
    /// envelope around it. What is larger is split if it is a list of things, and parked if it is one thing.
    /// </summary>
    public const int BytesMax = 512 * 1024;

    readonly ContributionRecorded? _recorded;

    OutboxEvent(OutboxRow row, ContributionRecorded? recorded, IReadOnlyList<PoolUpdated> news, IReadOnlyList<string> payloads)
    {
        Row = row;
        _recorded = recorded;
        News = news;
        Payloads = payloads;
        Fault = payloads.Any(payload => Encoding.UTF8.GetByteCount(payload) > BytesMax) ? $"one event of more than {BytesMax} bytes cannot be published" : null;
    }

    OutboxEvent(OutboxRow row, string fault)
    {
        Row = row;
        News = [];
        Payloads = [];
        Fault = fault;
    }

    public OutboxRow Row { get; }

    /// <summary>What it says of pools.</summary>
    public IReadOnlyList<PoolUpdated> News { get; }

    /// <summary>What is published of it, in order; nothing of a pool's update, which is held back and coalesced.</summary>
    public IReadOnlyList<string> Payloads { get; }

    /// <summary>The award that it tells of; null when it tells of none.</summary>
    public string? AwardId { get; private init; }

    /// <summary>Why it cannot be published; null when it can.</summary>
    public string? Fault { get; }

    public static OutboxEvent Read(OutboxRow row)
    {
        try
        {
            return row.Kind switch
            {
                Topics.PoolUpdated => new OutboxEvent(row, null, [Deserialize(row, EventJson.Default.PoolUpdated)], []),
                Topics.Triggered => new OutboxEvent(row, null, [], [row.Payload]) { AwardId = Deserialize(row, EventJson.Default.JackpotTriggered).AwardId },
                Topics.ContributionRecorded => Read(row, Deserialize(row, EventJson.Default.ContributionRecorded)),
                Topics.BalancingIncident when IsLarge(row) => Read(row, Deserialize(row, EventJson.Default.BalancingIncident)),
                _ => ReadPlain(row),
            };
        }
#pragma warning disable CA1031 // Whatever is wrong with a row of a table ends this row and nothing else.
        catch (Exception unreadable)
#pragma warning restore CA1031
        {
            return new OutboxEvent(row, $"the event cannot be read: {unreadable.Message}");
        }
    }

    /// <summary>The rest is sent as it is; that it is JSON at all is checked because it is sent in one body with others.</summary>
    static OutboxEvent ReadPlain(OutboxRow row)
    {
        using var json = JsonDocument.Parse(row.Payload);
        return new OutboxEvent(row, null, [], [row.Payload]);
    }

    static OutboxEvent Read(OutboxRow row, ContributionRecorded recorded) => new(
        row, recorded,
        [.. recorded.Batches.SelectMany(batch => batch.Pools.Select(pool => new PoolUpdated(
            pool.PoolId, batch.JackpotId, pool.Cycle, batch.FirstSequence + batch.Count - 1, pool.Amount, row.CreatedAt)))],
        IsLarge(row) ? Split(recorded.Batches, batches => Write(recorded with { Batches = batches })) : [row.Payload]);

    static OutboxEvent Read(OutboxRow row, BalancingIncident incident) => new(
        row, null, [],
        Split(incident.Differences, differences => JsonSerializer.Serialize(incident with { Differences = differences }, EventJson.Default.BalancingIncident)));

    static T Deserialize<T>(OutboxRow row, System.Text.Json.Serialization.Metadata.JsonTypeInfo<T> json) where T : class =>
        JsonSerializer.Deserialize(row.Payload, json) ?? throw new JsonException("it is null");

    static string Write(ContributionRecorded recorded) => JsonSerializer.Serialize(recorded, EventJson.Default.ContributionRecorded);

    static bool IsLarge(OutboxRow row) => Encoding.UTF8.GetByteCount(row.Payload) > BytesMax;

    /// <summary>Halves, until each part is small enough or one thing.</summary>
    static List<string> Split<T>(IReadOnlyList<T> things, Func<IReadOnlyList<T>, string> write)
    {
        var text = write(things);
        return things.Count == 1 || Encoding.UTF8.GetByteCount(text) <= BytesMax
            ? [text]
            : [.. Split([.. things.Take(things.Count / 2)], write), .. Split([.. things.Skip(things.Count / 2)], write)];
    }

    /// <summary>
    /// What its order goes by: events of one key go out in the order in which they were written. A payout's events have an order of their own, the
    /// others that of their jackpots. A pool's update has none, since the newest replaces all before it; nor has what cannot be read at all.
    /// </summary>
    public IReadOnlyCollection<string> OrderKeys()
    {
        if (Row.Kind == Topics.PoolUpdated)
        {
            return [];
        }

        if (_recorded is not null)
        {
            return [.. _recorded.Batches.Select(batch => KeyOfJackpot(batch.JackpotId)).Distinct()];
        }

        try
        {
            var keys = new HashSet<string>(StringComparer.Ordinal);
            using var json = JsonDocument.Parse(Row.Payload);
            Find(json.RootElement, keys);
            return Row.Kind.StartsWith("jp.payout.", StringComparison.Ordinal) ? [.. keys.Where(IsOfPayout)] : [.. keys.Where(key => !IsOfPayout(key))];
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            return [];
        }
    }

    static string KeyOfJackpot(string jackpotId) => "jackpot " + jackpotId;

    static bool IsOfPayout(string key) => key.StartsWith("payout ", StringComparison.Ordinal);

    static void Find(JsonElement json, HashSet<string> keys)
    {
        if (json.ValueKind == JsonValueKind.Array)
        {
            foreach (var element in json.EnumerateArray())
            {
                Find(element, keys);
            }
        }
        else if (json.ValueKind == JsonValueKind.Object)
        {
            foreach (var field in json.EnumerateObject())
            {
                if (field.Value.ValueKind != JsonValueKind.String)
                {
                    Find(field.Value, keys);
                }
                else if (field.NameEquals("jackpot_id"u8))
                {
                    keys.Add(KeyOfJackpot(field.Value.GetString()!));
                }
                else if (field.NameEquals("payout_id"u8))
                {
                    keys.Add("payout " + field.Value.GetString()!);
                }
            }
        }
    }

    /// <summary>Parts it into what may go out and what has to wait because one of its keys is blocked. Either is null when there is nothing of it.</summary>
    public (OutboxEvent? Free, OutboxEvent? Waiting) Part(HashSet<string> blocked)
    {
        if (!blocked.Overlaps(OrderKeys()))
        {
            return (this, null);
        }

        if (_recorded?.Batches.ToLookup(batch => blocked.Contains(KeyOfJackpot(batch.JackpotId))) is not { } parts || !parts[false].Any())
        {
            return (null, this);
        }

        return (Of(parts[false]), Of(parts[true]));

        OutboxEvent Of(IEnumerable<RecordedBatch> batches)
        {
            var part = _recorded with { Batches = [.. batches] };
            return Read(Row with { Payload = Write(part) }, part);
        }
    }
}
