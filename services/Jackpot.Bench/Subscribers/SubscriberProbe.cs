using System.Collections.Concurrent;
using System.Text.Json;
using Jackpot.LocalProcesses;

namespace Jackpot.Bench.Subscribers;

/// <summary>
/// An application like any other that subscribes to what the shard publishes, through a sidecar of its own: it notes how long after
/// its row was written in the outbox an event arrived, and which contributions it was told of. It is unhealthy, and so without
/// subscriptions, until it is told to listen: a subscriber costs, and no other measure must pay for this one.
/// </summary>
sealed class SubscriberProbe : IAsyncDisposable
{
    internal const string AppId = "bench-subscriber";
    const string Subscriptions = """
        [{"pubsubname":"events","topic":"jp.pool.updated","route":"/pool-updated"},
         {"pubsubname":"events","topic":"jp.contribution.recorded","route":"/contribution-recorded"}]
        """;

    readonly WebApplication _app;
    readonly ConcurrentQueue<(string Jackpot, double LatencyMs)> _updates = new();
    readonly ConcurrentDictionary<(string Jackpot, long FirstSequence), int> _recorded = new();
    volatile bool _listens;
    volatile bool _isSubscribed;

    SubscriberProbe(WebApplication app) => _app = app;

    internal int Port { get; private init; }

    /// <summary>Whether the sidecar has asked for the subscriptions. The broker knows them a moment later.</summary>
    internal bool IsSubscribed => _isSubscribed;

    internal static async Task<SubscriberProbe> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        var port = FreePort.Next();
        builder.WebHost.UseUrls($"http://127.0.0.1:{port}");
        var probe = new SubscriberProbe(builder.Build()) { Port = port };
        probe._app.MapGet("/healthz", () => probe._listens ? Results.Ok() : Results.StatusCode(StatusCodes.Status503ServiceUnavailable));
        probe._app.MapGet("/dapr/subscribe", () => probe.Subscribe());
        probe._app.MapPost("/pool-updated", (RequestDelegate)(http => ReadAsync(http, probe.Updated)));
        probe._app.MapPost("/contribution-recorded", (RequestDelegate)(http => ReadAsync(http, probe.Recorded)));
        await probe._app.StartAsync();
        return probe;
    }

    /// <summary>From now on the sidecar finds it healthy.</summary>
    internal void Listen() => _listens = true;

    /// <summary>Forgets what came so far.</summary>
    internal void Reset()
    {
        _updates.Clear();
        _recorded.Clear();
    }

    /// <summary>Sorted, milliseconds from the outbox row to the arrival of the pool update made of it.</summary>
    internal double[] LatenciesMs(string jackpot) => [.. _updates.Where(update => update.Jackpot == jackpot).Select(update => update.LatencyMs).Order()];

    /// <summary>Contributions after a sequence that were told, each counted once however often its event came.</summary>
    internal long ContributionsOf(string jackpot, long afterSequence) =>
        _recorded.Where(batch => batch.Key.Jackpot == jackpot && batch.Key.FirstSequence > afterSequence).Sum(batch => (long)batch.Value);

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    IResult Subscribe()
    {
        _isSubscribed = true;
        return Results.Text(Subscriptions, "application/json");
    }

    static async Task ReadAsync(HttpContext http, Action<JsonElement, DateTimeOffset> handle)
    {
        var arrived = DateTimeOffset.UtcNow;
        using var envelope = await JsonDocument.ParseAsync(http.Request.Body);
        handle(envelope.RootElement.GetProperty("data"), arrived);
    }

    void Updated(JsonElement data, DateTimeOffset arrived) => _updates.Enqueue(
        (data.GetProperty("jackpot_id").GetString()!, (arrived - data.GetProperty("as_of").GetDateTimeOffset()).TotalMilliseconds));

    void Recorded(JsonElement data, DateTimeOffset arrived)
    {
        foreach (var batch in data.GetProperty("batches").EnumerateArray())
        {
            _recorded[(batch.GetProperty("jackpot_id").GetString()!, batch.GetProperty("first_sequence").GetInt64())] = batch.GetProperty("count").GetInt32();
        }
    }
}
