using Jackpot.Core.Ids;
using Jackpot.Ledger.Audit;
using Jackpot.Ledger.Settings;
using Jackpot.Ledger.Telemetry;
using Npgsql;

namespace Jackpot.Ledger.Epochs;

/// <summary>
/// The epoch of this shard's database. It rises when the database is not what it was when the epoch began: another cluster, timeline, database or
/// shard's name. Entered at start, and again when a commit finds that it is over, because a standby may be promoted under a running process.
/// </summary>
internal sealed partial class ShardEpochs(
    NpgsqlDataSource database, AuditLog audit, ShardOptions options, ShardMetrics metrics, TimeProvider clock, ILogger<ShardEpochs> log)
{
    /// <summary>SQLSTATE of a commit that names an award in an epoch that is over.</summary>
    public const string Over = "JP040";

    /// <summary>Who raises it, in the audit log.</summary>
    const string StaffUser = "shard";

    const long AdvisoryLock = 0x4A50_4550_4F43_4831; // "JPEPOCH1"

    /// <summary>The epoch in force, a new one when the database has become another.</summary>
    public async Task<ShardEpoch> EnterAsync(CancellationToken ct)
    {
        await using var connection = await database.OpenConnectionAsync(ct);
        await using var transaction = await connection.BeginTransactionAsync(ct);

        // The audit log's lock comes before any other, see there.
        await AuditLog.LockAsync(transaction, ct);
        await using (var wait = new NpgsqlCommand($"SELECT pg_advisory_xact_lock({AdvisoryLock})", connection))
        {
            await wait.ExecuteNonQueryAsync(ct);
        }

        var (now, last) = (await NowAsync(connection, ct), await LastAsync(connection, ct));
        if (last is not null && last.Number >= options.EpochMin && last.Incarnation == now)
        {
            return ShardEpoch.Of(options.Id, last.Number);
        }

        var entered = ShardEpoch.Of(options.Id, Math.Max((last?.Number ?? 0) + 1, options.EpochMin));
        await InsertAsync(connection, entered, now, ct);
        if (last is not null)
        {
            await audit.AppendAsync(transaction, new AuditedStep($"shard {options.Id}", "epoch raised", StaffUser, Why(last.Incarnation, now))
            {
                Before = $"epoch {last.Number}: {last.Incarnation}",
                After = $"epoch {entered.Number}: {now}",
            }, ct);
        }

        await transaction.CommitAsync(ct);
        Tell(last, entered, now);
        return entered;
    }

    void Tell(Epoch? last, ShardEpoch entered, Incarnation now)
    {
        if (last is null)
        {
            LogFirst(log, entered.Shard, entered.Number);
            return;
        }

        metrics.EpochRaised();
        LogRaised(log, entered.Shard, last.Number, entered.Number, Why(last.Incarnation, now));
    }

    static string Why(Incarnation before, Incarnation now) => now == before
        ? "the settings ask for it (Shard:EpochMin)"
        : $"the database is not the one it was: {string.Join(", ", before.DifferencesTo(now))}";

    async Task<Incarnation> NowAsync(NpgsqlConnection connection, CancellationToken ct)
    {
        await using var command = new NpgsqlCommand(
            "SELECT system_identifier, timeline, database_oid::bigint, table_oid::bigint FROM shard_incarnation", connection);
        await using var row = await command.ExecuteReaderAsync(ct);
        await row.ReadAsync(ct);
        return new Incarnation(options.Id, row.GetInt64(0), row.GetInt32(1), row.GetInt64(2), row.GetInt64(3));
    }

    static async Task<Epoch?> LastAsync(NpgsqlConnection connection, CancellationToken ct)
    {
        await using var command = new NpgsqlCommand("""
            SELECT epoch, shard, system_identifier, timeline, database_oid::bigint, table_oid::bigint FROM shard_epoch ORDER BY epoch DESC LIMIT 1
            """, connection);
        await using var row = await command.ExecuteReaderAsync(ct);
        return await row.ReadAsync(ct)
            ? new Epoch(row.GetInt32(0), new Incarnation(row.GetString(1), row.GetInt64(2), row.GetInt32(3), row.GetInt64(4), row.GetInt64(5)))
            : null;
    }

    async Task InsertAsync(NpgsqlConnection connection, ShardEpoch epoch, Incarnation now, CancellationToken ct)
    {
        await using var command = new NpgsqlCommand("""
            INSERT INTO shard_epoch (epoch, shard, system_identifier, timeline, database_oid, table_oid, started_at)
            VALUES ($1, $2, $3, $4, $5::oid, $6::oid, $7)
            """, connection);
        command.Parameters.Add(new NpgsqlParameter<int> { TypedValue = epoch.Number });
        command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = epoch.Shard });
        command.Parameters.Add(new NpgsqlParameter<long> { TypedValue = now.SystemIdentifier });
        command.Parameters.Add(new NpgsqlParameter<int> { TypedValue = now.Timeline });
        command.Parameters.Add(new NpgsqlParameter<long> { TypedValue = now.DatabaseOid });
        command.Parameters.Add(new NpgsqlParameter<long> { TypedValue = now.TableOid });
        command.Parameters.Add(new NpgsqlParameter<DateTime> { TypedValue = clock.GetUtcNow().UtcDateTime });
        await command.ExecuteNonQueryAsync(ct);
    }

    sealed record Epoch(int Number, Incarnation Incarnation);

    /// <summary>Which database it is, see shard_incarnation.</summary>
    sealed record Incarnation(string Shard, long SystemIdentifier, int Timeline, long DatabaseOid, long TableOid)
    {
        public IEnumerable<string> DifferencesTo(Incarnation now)
        {
            (string What, object Before, object Now)[] all =
            [
                ("shard", Shard, now.Shard), ("system identifier", SystemIdentifier, now.SystemIdentifier), ("timeline", Timeline, now.Timeline),
                ("database", DatabaseOid, now.DatabaseOid), ("tables", TableOid, now.TableOid),
            ];
            return all.Where(one => !one.Before.Equals(one.Now)).Select(one => $"{one.What} {one.Before} is now {one.Now}");
        }
    }

    [LoggerMessage(EventId = 530, Level = LogLevel.Information, Message = "Shard {Shard} names its awards in epoch {Epoch}")]
    static partial void LogFirst(ILogger logger, string shard, int epoch);

    [LoggerMessage(EventId = 531, Level = LogLevel.Warning,
        Message = "The epoch of shard {Shard} rises from {Before} to {Epoch}: {Why}. Compare with the wallets what was paid after the moment that the database was restored to")]
    static partial void LogRaised(ILogger logger, string shard, int before, int epoch, string why);
}
