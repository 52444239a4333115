using System.Net.Http.Headers;
using System.Text.Json;
using Jackpot.Streams.Deliveries;

namespace Jackpot.Gateway.Streams;

/// <summary>
/// Hands events to one shard, whichever of its replicas answers, until all are taken or <see cref="TakeMax"/> is over. A shard that took nothing in
/// that time counts as away for a while, so that only one delivery in <see cref="AwayFor"/> waits for it and the other shards' bets do not.
/// </summary>
sealed partial class ShardRoad(string shard, IReadOnlyList<string> replicas, HttpClient http, TimeProvider clock, ILogger<ShardRoad> log)
{
    /// <summary>What a shard has not taken by then waits on its topic.</summary>
    internal static readonly TimeSpan TakeMax = TimeSpan.FromSeconds(2);

    static readonly TimeSpan AwayFor = TimeSpan.FromSeconds(3);
    static readonly TimeSpan PauseBetweenTries = TimeSpan.FromMilliseconds(100);

    /// <summary>Events of one request, in bytes of their data.</summary>
    const int RequestBytesMax = 8 * 1024 * 1024;

    readonly Uri[] _replicas = [.. replicas.Select(url => new Uri(url.TrimEnd('/') + ShardDelivery.Path))];
    int _next = Random.Shared.Next(replicas.Count);
    long _awaySince;

    internal string Shard => shard;

    /// <summary>
    /// Whether the shard has said that its waiting topic delivers to it. On a broker that keeps a message only for who has subscribed, what is
    /// published there before is lost; so before this is known, what is not taken goes to the end of the stream.
    /// </summary>
    internal bool HasWaitingTopic { get; private set; }

    /// <summary>Sets the status of what was taken or dropped; what is left has <see cref="EntryStatus.Retry"/>.</summary>
    internal async Task SendAsync(IReadOnlyList<RoutedEvent> events, CancellationToken ct)
    {
        if (IsAway)
        {
            return;
        }

        using var limit = CancellationTokenSource.CreateLinkedTokenSource(ct);
        limit.CancelAfter(TakeMax);
        var open = events;
        var answered = false;
        try
        {
            for (var tries = 1; open.Count > 0; tries++)
            {
                foreach (var part in Parts(open))
                {
                    answered |= await TrySendAsync(part, limit.Token);
                }

                open = [.. open.Where(one => one.Status == EntryStatus.Retry)];
                if (open.Count > 0 && tries % _replicas.Length == 0)
                {
                    await Task.Delay(PauseBetweenTries, clock, limit.Token);
                }
            }
        }
        catch (OperationCanceledException) when (!ct.IsCancellationRequested)
        {
            // Time is over; what is open goes where it can wait.
        }

        Note(answered);
    }

    /// <summary>False when the replica gave no answer.</summary>
    async Task<bool> TrySendAsync(List<RoutedEvent> events, CancellationToken ct)
    {
        var replica = _replicas[(uint)Interlocked.Increment(ref _next) % _replicas.Length];
        try
        {
            using var body = new ReadOnlyMemoryContent(ShardDelivery.Write([.. events.Select(one => one.Handed!)])) { Headers = { ContentType = new MediaTypeHeaderValue("application/json") } };
            using var request = new HttpRequestMessage(HttpMethod.Post, replica) { Content = body };
            using var answer = await http.SendAsync(request, ct);
            if (!answer.IsSuccessStatusCode)
            {
                LogNotTaken(log, shard, replica, (int)answer.StatusCode);
                return false;
            }

            HasWaitingTopic |= answer.Headers.Contains(ShardDelivery.WaitingTopicHeader);
            var statuses = ShardDelivery.ReadAnswer(await answer.Content.ReadAsByteArrayAsync(ct), events.Count);
            foreach (var (one, status) in events.Zip(statuses))
            {
                one.End(status, status == EntryStatus.Done ? StreamCounters.Taken : status == EntryStatus.Drop ? StreamCounters.Dropped : StreamCounters.NotTaken);
            }

            return true;
        }
        catch (Exception fault) when (fault is HttpRequestException or IOException or JsonException or InvalidOperationException or KeyNotFoundException)
        {
            LogNotReached(log, shard, replica, fault.Message);
            return false;
        }
    }

    static IEnumerable<List<RoutedEvent>> Parts(IReadOnlyList<RoutedEvent> events)
    {
        var (part, bytes) = (new List<RoutedEvent>(), 0);
        foreach (var one in events)
        {
            var size = one.Handed!.Data.Length;
            if (part.Count > 0 && bytes + size > RequestBytesMax)
            {
                yield return part;
                (part, bytes) = ([], 0);
            }

            part.Add(one);
            bytes += size;
        }

        yield return part;
    }

    bool IsAway => Volatile.Read(ref _awaySince) is var since && since != 0 && clock.GetElapsedTime(since) < AwayFor;

    void Note(bool answered)
    {
        var wasAway = Interlocked.Exchange(ref _awaySince, answered ? 0 : clock.GetTimestamp()) != 0;
        if (wasAway == answered)
        {
            LogTurned(log, shard, answered ? "takes events again" : "takes no events; they wait on its topic");
        }
    }

    [LoggerMessage(EventId = 650, Level = LogLevel.Debug, Message = "Shard {Shard} at {Replica} answered {Status} to events of the stream")]
    static partial void LogNotTaken(ILogger logger, string shard, Uri replica, int status);

    [LoggerMessage(EventId = 651, Level = LogLevel.Debug, Message = "Shard {Shard} at {Replica} gave no answer to events of the stream: {Reason}")]
    static partial void LogNotReached(ILogger logger, string shard, Uri replica, string reason);

    [LoggerMessage(EventId = 652, Level = LogLevel.Warning, Message = "Shard {Shard} {What}")]
    static partial void LogTurned(ILogger logger, string shard, string what);
}
