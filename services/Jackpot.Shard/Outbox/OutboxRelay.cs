using System.Text.Json;
using Dapr;
using Jackpot.Contracts.Events;
using Jackpot.Ledger.Leadership;
using Jackpot.Ledger.Loops;
using Jackpot.Ledger.Outbox;
using Npgsql;

namespace Jackpot.Shard.Outbox;

/// <summary>
/// Publishes the outbox through Dapr pub/sub, in the order of the rows, and deletes what the broker has confirmed: at least once, never
/// less. One replica of the shard relays at a time, so that the order of a jackpot's events is kept. A row that cannot be published is parked,
/// and later rows of the same order keys wait behind it; see docs/storage.md.
/// </summary>
internal sealed partial class OutboxRelay(
    LeaderElection election, OutboxTable table, OutboxPublisher publisher, OutboxSignal signal, DroppedAwards dropped, LoopTools tools, ILogger<OutboxRelay> log)
    : HostedLoop(
        new LoopPlan("outbox-relay", LeadInterval, "nothing was deleted that the broker has not confirmed") { PassTimeMax = Timeout.InfiniteTimeSpan }, tools)
{
    /// <summary>How often a replica that does not relay looks whether it should.</summary>
    static readonly TimeSpan LeadInterval = TimeSpan.FromMilliseconds(500);

    static readonly TimeSpan PollInterval = TimeSpan.FromMilliseconds(100);

    /// <summary>
    /// Passes begin at least this far apart, unless one was full. Under load a pass then carries the rows of many commits, where one pass a
    /// commit cost as much as the commit; after a pause a row still goes out at once.
    /// </summary>
    static readonly TimeSpan PaceMin = TimeSpan.FromMilliseconds(40);

    /// <summary>An event that the broker does not take, while it takes others, is tried for so long before it is parked.</summary>
    static readonly TimeSpan FailingMax = TimeSpan.FromSeconds(30);

    /// <summary>Most rows that wait behind parked ones.</summary>
    public int WaitingMax { get; init; } = OutboxPage.WaitingMax;

    /// <summary>Since when rows have failed, by id. As many as fit on a page at most.</summary>
    readonly Dictionary<long, long> _failingSince = [];

    /// <summary>Rows that tell of an award and are not published yet, although the award was handed on. As many as fit on a page at most.</summary>
    readonly HashSet<long> _handedOn = [];

    protected override async Task PassAsync(CancellationToken ct)
    {
        await using var leader = await election.TryLeadAsync(LeaderRole.OutboxRelay, ct);
        if (leader is not null)
        {
            await RelayAsync(leader.Connection, ct);
        }
    }

    async Task RelayAsync(NpgsqlConnection connection, CancellationToken ct)
    {
        _handedOn.Clear();
        HandOn(await OutboxTable.ReadAsync(connection, ct));

        // Whoever relayed before may have died with news that it held back: every pool is told of once, before anything new has to wait behind it.
        var news = new PoolNews(Clock);
        await table.NoteAllAsync(connection, news, ct);
        while (await TellAsync(news, OutboxPublisher.EventsMax, ct))
        {
        }

        var blocks = await OutboxTable.BlocksAsync(connection, ct);
        while (true)
        {
            var begun = Clock.GetTimestamp();
            blocks = blocks.Keys.Count == 0 ? blocks : await OutboxTable.BlocksAsync(connection, ct);
            var rows = await OutboxTable.ReadAsync(connection, ct);
            HandOn(rows);
            var page = OutboxPage.Of(rows, blocks, WaitingMax);
            if (page.ToPark.Count > 0)
            {
                var parked = await table.ParkAsync(connection, page.ToPark, page.Shortened, blocks, ct);
                blocks = await OutboxTable.BlocksAsync(connection, ct);
                if (!parked)
                {
                    continue;
                }
            }

            blocks = await PublishAsync(connection, page, news, blocks, ct);
            await TellAsync(news, PoolNews.AtOnceMax, ct);
            if (rows.Count < OutboxTable.RowsMax)
            {
                await signal.WaitAsync(PollInterval, ct);
                await PaceAsync(begun, ct);
            }
        }
    }

    Task PaceAsync(long begun, CancellationToken ct) =>
        PaceMin - Clock.GetElapsedTime(begun) is { } rest && rest > TimeSpan.Zero ? Task.Delay(rest, Clock, ct) : Task.CompletedTask;

    /// <summary>Publishes the page's rows in order and notes what became of pools. What the broker has confirmed is deleted even when the rest fails.</summary>
    async Task<OutboxBlocks> PublishAsync(NpgsqlConnection connection, OutboxPage page, PoolNews news, OutboxBlocks blocks, CancellationToken ct)
    {
        if (page.OrderGivenUp > 0)
        {
            Metrics.OrderGivenUp(page.OrderGivenUp);
            LogOrderGivenUp(log, page.OrderGivenUp, WaitingMax);
        }

        var open = page.ToPublish.ToDictionary(one => one.Row.Id, one => one.Payloads.Count);
        var byId = page.ToPublish.ToDictionary(one => one.Row.Id);
        var (done, unpublished, confirmed) = (new List<long>(), new List<UnpublishedEvent>(), 0);
        foreach (var (id, _) in open.Where(one => one.Value == 0))
        {
            Finish(id);
        }

        try
        {
            foreach (var topic in page.ToPublish.Where(one => one.Payloads.Count > 0).GroupBy(one => one.Row.Kind))
            {
                unpublished.AddRange(await publisher.PublishAsync(
                    topic.Key, [.. topic.SelectMany(one => one.Payloads, (one, payload) => new OutgoingEvent(one.Row.Id, payload))], Confirm, ct));
            }
        }
        finally
        {
            if (done.Count > 0)
            {
                await OutboxTable.ForgetAsync(connection, done, CancellationToken.None);
                Metrics.RowsPublished(done.Count);
            }
        }

        return unpublished.Count == 0 ? blocks : await SetAsideAsync(connection, unpublished, byId, confirmed, blocks, ct);

        void Confirm(OutgoingEvent published)
        {
            confirmed++;
            if (--open[published.Row] == 0)
            {
                Finish(published.Row);
            }
        }

        void Finish(long id)
        {
            done.Add(id);
            _failingSince.Remove(id);
            _handedOn.Remove(id);
            foreach (var update in byId[id].News)
            {
                news.Note(update);
            }
        }
    }

    /// <summary>Before anything is published and whatever is parked: a winner waits neither for the broker nor for an earlier event.</summary>
    void HandOn(List<OutboxRow> rows)
    {
        foreach (var row in rows.Where(row => row.Kind == Topics.Triggered && _handedOn.Add(row.Id)))
        {
            if (OutboxEvent.Read(row).AwardId is { } award)
            {
                dropped.Add(award);
            }
        }
    }

    /// <summary>Parks what will never be taken, and what has failed for long although others got through meanwhile.</summary>
    async Task<OutboxBlocks> SetAsideAsync(
        NpgsqlConnection connection, List<UnpublishedEvent> unpublished, Dictionary<long, OutboxEvent> byId, int confirmed, OutboxBlocks blocks, CancellationToken ct)
    {
        if (confirmed == 0)
        {
            // Nothing says yet that it is the event's fault and not the sidecar's or the broker's.
            throw new DaprException($"none of {unpublished.Count} events was taken: {unpublished[0].Reason}");
        }

        var hopeless = unpublished.Where(one => one.IsRefused || HasFailedForLong(one.Event.Row)).DistinctBy(one => one.Event.Row)
            .Select(one => OutboxPage.ToRow(byId[one.Event.Row].Row, byId[one.Event.Row].OrderKeys(), one.Reason)).ToList();
        if (hopeless.Count == 0)
        {
            return blocks;
        }

        await table.ParkAsync(connection, hopeless, [], blocks, ct);
        return await OutboxTable.BlocksAsync(connection, ct);
    }

    bool HasFailedForLong(long row)
    {
        if (!_failingSince.TryGetValue(row, out var since))
        {
            _failingSince[row] = Clock.GetTimestamp();
            return false;
        }

        return Clock.GetElapsedTime(since) >= FailingMax;
    }

    /// <summary>Tells of pools. False when there was nothing to tell. An update that is refused is not told of again: the next one replaces it.</summary>
    async Task<bool> TellAsync(PoolNews news, int atMost, CancellationToken ct)
    {
        var updates = news.Due(atMost);
        if (updates.Count == 0)
        {
            return false;
        }

        var events = updates.Select((update, index) => new OutgoingEvent(index, JsonSerializer.Serialize(update, EventJson.Default.PoolUpdated))).ToList();
        foreach (var refused in await publisher.PublishAsync(Topics.PoolUpdated, events, _ => { }, ct))
        {
            if (!refused.IsRefused)
            {
                throw new DaprException($"the broker did not take an update of a pool: {refused.Reason}");
            }

            LogNotTold(log, updates[(int)refused.Event.Row].PoolId, refused.Reason);
        }

        news.Told(updates);
        return true;
    }

    [LoggerMessage(EventId = 301, Level = LogLevel.Error, Message = "{Rows} events went out before an earlier one of their jackpot that is parked, because {Most} are waiting; release or discard what is parked")]
    static partial void LogOrderGivenUp(ILogger logger, int rows, int most);

    [LoggerMessage(EventId = 302, Level = LogLevel.Warning, Message = "An update of pool {PoolId} was not taken by the broker; the next one replaces it: {Reason}")]
    static partial void LogNotTold(ILogger logger, string poolId, string reason);
}
