using Jackpot.Core.Changes;
using Jackpot.Ledger.Audit;
using Jackpot.Ledger.Jackpots;
using Jackpot.Shard.Admin;
using Jackpot.Shard.Jackpots;
using Npgsql;
using NpgsqlTypes;

namespace Jackpot.Shard.Lifecycle;

/// <summary>
/// Takes orders to transfer: one person orders, another approves. What the rules say is asked both times, under the locks of all jackpots
/// that are touched; approving moves everything and ends the source in one transaction.
/// </summary>
internal sealed class TransferDesk(NpgsqlDataSource database, JackpotReader jackpots, AuditLog audit, TimeProvider clock)
{
    public async Task<Verdict<TransferOrder>> ProposeAsync(
        string jackpotId, IReadOnlyDictionary<string, string> pools, string person, string why, CancellationToken ct)
    {
        await using var connection = await database.OpenConnectionAsync(ct);
        await using var transaction = await connection.BeginTransactionAsync(ct);
        if (await JackpotNumbers.OfAsync(connection, jackpotId, ct) is not { } source)
        {
            return JackpotNumbers.Unknown;
        }

        var plan = await PlanAsync(transaction, source, pools, ct);
        if (plan.Result is null)
        {
            return new Refused(plan.Refusal, plan.Detail);
        }

        if (await InsertAsync(connection, source, pools, person, why, ct) is not { } id)
        {
            return TransferRefusals.Waits;
        }

        var order = (await TransferOrder.ReadAsync(connection, id, ct))!;
        await AuditAsync(transaction, order, TransferOrder.Proposed, person, why, ct);
        await transaction.CommitAsync(ct);
        return order;
    }

    /// <summary>Approves, rejects or withdraws; <paramref name="why"/> may be empty.</summary>
    public async Task<Verdict<TransferOrder>> DecideAsync(long id, ChangeStep step, string person, string why, CancellationToken ct)
    {
        await using var connection = await database.OpenConnectionAsync(ct);
        await using var transaction = await connection.BeginTransactionAsync(ct);
        if (await TransferOrder.ReadAsync(connection, id, ct) is not { } seen)
        {
            return TransferRefusals.Unknown;
        }

        // Whoever moves an order holds its source's lock, so what is read after it stays until the commit.
        var plan = await PlanAsync(transaction, seen.Source, seen.Pools, ct);
        var order = (await TransferOrder.ReadAsync(connection, id, ct))!;
        if (TransferRefusals.Of(order, step, person) is { } refused)
        {
            return refused;
        }

        if (step == ChangeStep.Approve)
        {
            if (plan.Result is null)
            {
                return new Refused(plan.Refusal, plan.Detail);
            }

            await TransferCommit.WriteAsync(connection, plan.Result, clock.GetUtcNow(), ct);
        }

        var status = StatusAfter(step);
        await WriteAsync(connection, id, status, person, why, ct);
        await AuditAsync(transaction, order, status, person, why, ct);
        if (step == ChangeStep.Approve)
        {
            await TransferAudit.AppendAsync(audit, transaction, order, plan.Result!, person, ct);
        }

        var after = (await TransferOrder.ReadAsync(connection, id, ct))!;
        await transaction.CommitAsync(ct);
        return after;
    }

    async Task<Verdict<TransferPlan>> PlanAsync(NpgsqlTransaction transaction, int source, IReadOnlyDictionary<string, string> pools, CancellationToken ct)
    {
        var heirs = await JackpotNumbers.OfPoolsAsync(transaction.Connection!, pools.Values, ct);
        var locked = await jackpots.LockAsync(transaction, [.. heirs.Append(source).Distinct()], ct);
        return TransferPlan.Make(locked.Single(jackpot => jackpot.Number == source), pools, [.. locked.Where(jackpot => jackpot.Number != source)]);
    }

    async Task AuditAsync(NpgsqlTransaction transaction, TransferOrder order, string status, string person, string why, CancellationToken ct)
    {
        var done = status == TransferOrder.Done;
        await audit.AppendAsync(transaction, new AuditedStep(
            $"jackpot {order.JackpotId}", $"transfer {order.Id} {status}", done ? order.Author : person, why.Length > 0 ? why : order.Why)
        {
            AuthorisedBy = done ? person : "",
            After = order.PoolsJson(),
        }, ct);
    }

    static string StatusAfter(ChangeStep step) => step switch
    {
        ChangeStep.Approve => TransferOrder.Done,
        ChangeStep.Reject => TransferOrder.Rejected,
        ChangeStep.Withdraw => TransferOrder.Withdrawn,
        _ => throw new ArgumentOutOfRangeException(nameof(step), step, "An order knows no such step."),
    };

    /// <summary>The order's number, or null when another one of the same jackpot waits.</summary>
    static async Task<long?> InsertAsync(
        NpgsqlConnection connection, int source, IReadOnlyDictionary<string, string> pools, string person, string why, CancellationToken ct)
    {
        await using var command = new NpgsqlCommand("""
            INSERT INTO transfer_order (source, pools, status, author, why) VALUES ($1, $2, 'proposed', $3, $4)
            ON CONFLICT (source) WHERE status = 'proposed' DO NOTHING RETURNING id
            """, connection);
        command.Parameters.Add(new NpgsqlParameter<int> { TypedValue = source });
        command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = TransferOrder.JsonOf(pools), NpgsqlDbType = NpgsqlDbType.Jsonb });
        command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = person });
        command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = why });
        return (long?)await command.ExecuteScalarAsync(ct);
    }

    static async Task WriteAsync(NpgsqlConnection connection, long id, string status, string person, string why, CancellationToken ct)
    {
        await using var command = new NpgsqlCommand(
            "UPDATE transfer_order SET status = $2, decided_by = $3, decision = nullif($4, ''), changed_at = now() WHERE id = $1", connection);
        command.Parameters.Add(new NpgsqlParameter<long> { TypedValue = id });
        command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = status });
        command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = person });
        command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = why });
        await command.ExecuteNonQueryAsync(ct);
    }
}
