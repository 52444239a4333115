using System.Text.Json;
using Jackpot.Contracts.Amounts;
using Jackpot.Contracts.Events;
using Jackpot.Core.Amounts;
using Jackpot.Ledger.Audit;
using Jackpot.Ledger.Outbox;
using Jackpot.Ledger.Settings;
using Jackpot.Ledger.Telemetry;
using Jackpot.Regulator.Balancing;
using Npgsql;
using NpgsqlTypes;

namespace Jackpot.Shard.Balancing;

/// <summary>What follows when a jackpot does not balance: it is paused, it is audited and an event is raised, all in one commit and once.</summary>
internal sealed partial class BalancingIncidents(
    NpgsqlDataSource database, AuditLog audit, OutboxSignal outbox, ShardOptions shard, ShardMetrics metrics, TimeProvider clock, ILogger<BalancingIncidents> log)
{
    /// <summary>Who pauses, in the audit log.</summary>
    public const string StaffUser = "balancing";

    /// <summary>Most differences that one event tells of.</summary>
    const int DifferencesMax = 100;

    /// <summary>Raises what was not raised before for this version of the jackpot. Returns how many jackpots differ.</summary>
    /// <exception cref="AggregateException">Some could not be raised; all others were.</exception>
    public async Task<int> RaiseAsync(IEnumerable<IBalanced> rows, CancellationToken ct)
    {
        var differing = rows.Where(row => !row.Balances).GroupBy(row => row.Jackpot).ToList();
        var failed = new List<Exception>();
        foreach (var jackpot in differing)
        {
            try
            {
                await RaiseAsync(jackpot.Key, [.. jackpot.SelectMany(row => row.Differences).Take(DifferencesMax)], ct);
            }
            catch (Exception e) when (e is not OperationCanceledException)
            {
                failed.Add(e);
                LogNotRaised(log, jackpot.Key, e);
            }
        }

        return failed.Count == 0 ? differing.Count : throw new AggregateException("Not every incident of balancing could be raised; the next run tries again.", failed);
    }

    async Task RaiseAsync(int number, List<Difference> differences, CancellationToken ct)
    {
        await using var connection = await database.OpenConnectionAsync(ct);
        await using var transaction = await connection.BeginTransactionAsync(ct);
        var stopped = await LockAsync(connection, number, ct);
        if (!await InsertAsync(connection, number, stopped, differences, ct))
        {
            return;
        }

        if (stopped.Paused)
        {
            await PauseAsync(connection, number, ct);
        }

        var summary = Summary(differences);
        await audit.AppendAsync(transaction, new AuditedStep($"jackpot {stopped.JackpotId}", "balancing.incident", StaffUser, summary)
        {
            Before = stopped.Before,
            After = stopped.Paused ? "paused" : stopped.Before,
        }, ct);
        await PublishAsync(connection, stopped, differences, ct);
        await transaction.CommitAsync(ct);
        outbox.Raise();
        metrics.BalancingIncident();
        LogIncident(log, stopped.JackpotId, stopped.Version, summary);
    }

    static async Task<Stopped> LockAsync(NpgsqlConnection connection, int number, CancellationToken ct)
    {
        await using var command = new NpgsqlCommand("""
            SELECT j.jackpot_id, coalesce(j.definition ->> 'currency', ''), s.status, s.version
            FROM jackpot_state s JOIN jackpot j ON j.id = s.id WHERE s.id = $1 FOR UPDATE OF s
            """, connection);
        command.Parameters.Add(new NpgsqlParameter<int> { TypedValue = number });
        await using var row = await command.ExecuteReaderAsync(ct);
        await row.ReadAsync(ct);
        return new Stopped(row.GetString(0), row.GetString(1), row.GetString(2), row.GetInt64(3));
    }

    /// <summary>The version moves with the status, so a batch that was decided before the pause cannot be committed after it.</summary>
    static async Task PauseAsync(NpgsqlConnection connection, int number, CancellationToken ct)
    {
        await using var command = new NpgsqlCommand("UPDATE jackpot_state SET status = 'paused', version = version + 1 WHERE id = $1", connection);
        command.Parameters.Add(new NpgsqlParameter<int> { TypedValue = number });
        await command.ExecuteNonQueryAsync(ct);
    }

    /// <summary>False when this version of the jackpot has its incident already.</summary>
    async Task<bool> InsertAsync(NpgsqlConnection connection, int number, Stopped stopped, List<Difference> differences, CancellationToken ct)
    {
        await using var command = new NpgsqlCommand(
            "INSERT INTO balancing_incident (jackpot, version, found_at, differences) VALUES ($1, $2, $3, $4) ON CONFLICT DO NOTHING", connection);
        command.Parameters.Add(new NpgsqlParameter<int> { TypedValue = number });
        command.Parameters.Add(new NpgsqlParameter<long> { TypedValue = stopped.Version });
        command.Parameters.Add(new NpgsqlParameter<DateTime> { TypedValue = clock.GetUtcNow().UtcDateTime });
        command.Parameters.Add(new NpgsqlParameter<string>
        {
            TypedValue = JsonSerializer.Serialize(Event(stopped, differences).Differences, EventJson.Default.IReadOnlyListBalancingDifference), NpgsqlDbType = NpgsqlDbType.Jsonb,
        });
        return await command.ExecuteNonQueryAsync(ct) == 1;
    }

    async Task PublishAsync(NpgsqlConnection connection, Stopped stopped, List<Difference> differences, CancellationToken ct)
    {
        await using var command = new NpgsqlCommand("INSERT INTO outbox (kind, payload) VALUES ($1, $2)", connection);
        command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = Topics.BalancingIncident });
        command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = JsonSerializer.Serialize(Event(stopped, differences), EventJson.Default.BalancingIncident) });
        await command.ExecuteNonQueryAsync(ct);
    }

    BalancingIncident Event(Stopped stopped, List<Difference> differences) => new(
        shard.Id, stopped.JackpotId, stopped.Version, stopped.Paused, clock.GetUtcNow(),
        [.. differences.Select(difference => new BalancingDifference(
            difference.What, difference.PoolId, difference.Day, new MoneySum(difference.Expected, stopped.Currency), new MoneySum(difference.Found, stopped.Currency)))]);

    static string Summary(List<Difference> differences)
    {
        var first = differences[0];
        return first.Why is { } why ? $"the books cannot be added up: {why}" : $"the books differ in {differences.Count} figures; {first.What} {first.PoolId}: {AmountText.Format(first.Expected)} expected, {AmountText.Format(first.Found)} found";
    }

    sealed record Stopped(string JackpotId, string Currency, string Before, long Found)
    {
        public bool Paused => Before == "active";

        /// <summary>Of the jackpot once it is stopped.</summary>
        public long Version => Paused ? Found + 1 : Found;
    }

    [LoggerMessage(EventId = 601, Level = LogLevel.Error, Message = "The incident of jackpot number {Jackpot}, whose books differ, could not be raised; the next balancing tries again")]
    static partial void LogNotRaised(ILogger logger, int jackpot, Exception exception);

    [LoggerMessage(EventId = 600, Level = LogLevel.Critical, Message = "Jackpot {JackpotId} does not balance and is stopped at version {Version}: {Summary}")]
    static partial void LogIncident(ILogger logger, string jackpotId, long version, string summary);
}
