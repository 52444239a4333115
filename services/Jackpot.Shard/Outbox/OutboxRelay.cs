using System.Data.Common;
using System.Text.Json;
using Jackpot.Contracts.Events;
using Jackpot.Core.Amounts;
using Jackpot.Dapr.Client;
using Jackpot.Shard.Telemetry;
using Npgsql;
using NpgsqlTypes;

namespace Jackpot.Shard.Outbox;

/// <summary>
/// Publishes the outbox through Dapr pub/sub, in the order of the rows, and deletes what the broker has confirmed: at least once, never
/// less. One replica of the shard relays at a time (session advisory lock), so that the order of a jackpot's events is kept.
/// </summary>
internal sealed partial class OutboxRelay(
    NpgsqlDataSource database, DaprClient dapr, OutboxSignal signal, ShardMetrics metrics, TimeProvider clock, ILogger<OutboxRelay> log) : BackgroundService
{
    /// <summary>The one place that names the pub/sub component.</summary>
    public const string PubSub = "pubsub";

    /// <summary>Most rows of one pass.</summary>
    const int RowsMax = 200;

    const long AdvisoryLock = 0x4A50_4F55_5442_4F58; // "JPOUTBOX"
    static readonly TimeSpan PollInterval = TimeSpan.FromMilliseconds(100);

    /// <summary>
    /// Passes begin at least this far apart, unless one was full. Under load a pass then carries the rows of many commits, where one pass a
    /// commit cost as much as the commit; after a pause a row still goes out at once.
    /// </summary>
    static readonly TimeSpan PaceMin = TimeSpan.FromMilliseconds(40);

    static readonly TimeSpan PauseAfterFault = TimeSpan.FromMilliseconds(500);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await using var connection = await database.OpenConnectionAsync(stoppingToken);
                await RelayAsync(connection, stoppingToken);
            }
            catch (Exception e) when (e is DbException or DaprApiException or HttpRequestException or IOException or TaskCanceledException
                                      && !stoppingToken.IsCancellationRequested)
            {
                LogPassFailed(log, e);
                await Task.Delay(PauseAfterFault, clock, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                return;
            }
        }
    }

    async Task RelayAsync(NpgsqlConnection connection, CancellationToken ct)
    {
        while (!await TryLockAsync(connection, ct))
        {
            await Task.Delay(PauseAfterFault, clock, ct);
        }

        // Whoever relayed before may have died with news that it held back: every pool is told of once, before anything new has to wait behind it.
        var news = new PoolNews(clock);
        await NoteAllAsync(connection, news, ct);
        while (await PublishAsync(news, RowsMax, ct))
        {
        }

        while (true)
        {
            var begun = clock.GetTimestamp();
            var rows = await ReadAsync(connection, ct);
            if (rows.Count > 0)
            {
                await PublishAsync(rows, news, ct);
                await DeleteAsync(connection, rows, ct);
                metrics.RowsPublished(rows.Count);
            }

            await PublishAsync(news, PoolNews.AtOnceMax, ct);
            if (rows.Count < RowsMax)
            {
                await signal.WaitAsync(PollInterval, ct);
                await PaceAsync(begun, ct);
            }
        }
    }

    Task PaceAsync(long begun, CancellationToken ct) =>
        PaceMin - clock.GetElapsedTime(begun) is { } rest && rest > TimeSpan.Zero ? Task.Delay(rest, clock, ct) : Task.CompletedTask;

    static async Task<bool> TryLockAsync(NpgsqlConnection connection, CancellationToken ct)
    {
        await using var command = new NpgsqlCommand($"SELECT pg_try_advisory_lock({AdvisoryLock})", connection);
        return (bool)(await command.ExecuteScalarAsync(ct))!;
    }

    static async Task<List<OutboxRow>> ReadAsync(NpgsqlConnection connection, CancellationToken ct)
    {
        await using var command = new NpgsqlCommand($"SELECT id, kind, payload, created_at FROM outbox ORDER BY id LIMIT {RowsMax}", connection);
        await using var reader = await command.ExecuteReaderAsync(ct);
        var rows = new List<OutboxRow>();
        while (await reader.ReadAsync(ct))
        {
            rows.Add(new OutboxRow(reader.GetInt64(0), reader.GetString(1), reader.GetString(2), reader.GetFieldValue<DateTimeOffset>(3)));
        }

        return rows;
    }

    async Task NoteAllAsync(NpgsqlConnection connection, PoolNews news, CancellationToken ct)
    {
        await using var command = new NpgsqlCommand("""
            SELECT p.pool_id, j.jackpot_id, s.cycle, js.sequence, s.increment + s.seed, j.definition ->> 'currency'
            FROM pool p JOIN pool_state s ON s.id = p.id JOIN jackpot j ON j.id = p.jackpot JOIN jackpot_state js ON js.id = j.id
            """, connection);
        await using var row = await command.ExecuteReaderAsync(ct);
        while (await row.ReadAsync(ct))
        {
            var amount = new Money(row.GetInt64(4), Currency.Parse(row.GetString(5)));
            news.Note(new PoolUpdated(row.GetString(0), row.GetString(1), row.GetInt64(2), row.GetInt64(3), amount, clock.GetUtcNow()));
        }
    }

    /// <summary>Publishes the rows in order, those of awards and payouts too, and notes what became of pools.</summary>
    async Task PublishAsync(List<OutboxRow> rows, PoolNews news, CancellationToken ct)
    {
        foreach (var topic in rows.Where(row => row.Kind != Topics.PoolUpdated).GroupBy(row => row.Kind))
        {
            await PublishAsync(topic.Key, [.. topic.Select(row => row.Payload)], ct);
        }

        foreach (var row in rows)
        {
            Note(row, news);
        }
    }

    /// <summary>False when there was nothing to tell.</summary>
    async Task<bool> PublishAsync(PoolNews news, int atMost, CancellationToken ct)
    {
        var updates = news.Due(atMost);
        if (updates.Count == 0)
        {
            return false;
        }

        await PublishAsync(Topics.PoolUpdated, [.. updates.Select(update => JsonSerializer.Serialize(update, EventJson.Default.PoolUpdated))], ct);
        news.Told(updates);
        return true;
    }

    static void Note(OutboxRow row, PoolNews news)
    {
        if (row.Kind == Topics.PoolUpdated)
        {
            news.Note(JsonSerializer.Deserialize(row.Payload, EventJson.Default.PoolUpdated)!);
        }
        else if (row.Kind == Topics.ContributionRecorded)
        {
            var recorded = JsonSerializer.Deserialize(row.Payload, EventJson.Default.ContributionRecorded)!;
            foreach (var (batch, pool) in recorded.Batches.SelectMany(batch => batch.Pools.Select(pool => (batch, pool))))
            {
                news.Note(new PoolUpdated(pool.PoolId, batch.JackpotId, pool.Cycle, batch.FirstSequence + batch.Count - 1, pool.Amount, row.CreatedAt));
            }
        }
    }

    async Task PublishAsync(string topic, IReadOnlyList<string> payloads, CancellationToken ct)
    {
        var events = payloads.Select(payload => new JsonText(payload)).ToList();
        var response = await dapr.BulkPublishEventAsync(PubSub, topic, events, cancellationToken: ct);
        if (response.FailedEntries.Count > 0)
        {
            throw new DaprApiException(DaprOutcome.InDoubt, null, null, $"the broker did not take {response.FailedEntries.Count} of {events.Count} events of {topic}");
        }
    }

    /// <summary>Not worth waiting for a flush: rows that a crash brings back are published again, as after any fault.</summary>
    static async Task DeleteAsync(NpgsqlConnection connection, List<OutboxRow> rows, CancellationToken ct)
    {
        await using var batch = new NpgsqlBatch(connection);
        batch.BatchCommands.Add(new NpgsqlBatchCommand("SELECT set_config('synchronous_commit', 'off', true)"));
        batch.BatchCommands.Add(new NpgsqlBatchCommand("DELETE FROM outbox WHERE id = ANY ($1)")
        {
            Parameters = { new NpgsqlParameter<long[]> { TypedValue = [.. rows.Select(row => row.Id)], NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Bigint } },
        });
        await batch.ExecuteNonQueryAsync(ct);
    }

    [LoggerMessage(EventId = 300, Level = LogLevel.Warning, Message = "An outbox pass failed; nothing was deleted, the next pass publishes it again")]
    static partial void LogPassFailed(ILogger logger, Exception exception);

    sealed record OutboxRow(long Id, string Kind, string Payload, DateTimeOffset CreatedAt);
}
