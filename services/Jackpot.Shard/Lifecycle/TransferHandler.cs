using Jackpot.Core.Changes;
using Jackpot.Ledger.Audit;
using Jackpot.Ledger.Jackpots;
using Jackpot.Shard.Admin;
using Jackpot.Shard.Jackpots;
using Jackpot.Shard.Rows;
using Microsoft.EntityFrameworkCore;
using Npgsql;

namespace Jackpot.Shard.Lifecycle;

/// <summary>
/// Takes orders to transfer: one staff user orders, another approves. What the rules say is asked both times, under the locks of all jackpots
/// that are touched; approving moves everything and ends the source in one transaction.
/// </summary>
internal sealed class TransferHandler(NpgsqlDataSource database, JackpotReader jackpots, AuditLog audit, TimeProvider clock)
{
    public async Task<Verdict<TransferOrder>> ProposeAsync(
        string jackpotId, IReadOnlyDictionary<string, string> pools, string staffUser, string why, CancellationToken ct)
    {
        await using var connection = await database.OpenConnectionAsync(ct);
        await using var transaction = await connection.BeginTransactionAsync(ct);
        await using var rows = ShardRows.In(transaction);
        if (await JackpotNumbers.OfAsync(rows, jackpotId, ct) is not { } source)
        {
            return JackpotNumbers.Unknown;
        }

        var plan = await PlanAsync(rows, transaction, source, pools, ct);
        if (plan.Result is null)
        {
            return new Refused(plan.Refusal, plan.Detail);
        }

        // Whoever orders holds the source's lock, so that no other order comes between the question and the row.
        if (await rows.Set<TransferRow>().AnyAsync(other => other.Source == source && other.Status == TransferOrder.Proposed, ct))
        {
            return TransferRefusals.Waits;
        }

        var row = new TransferRow(source, TransferOrder.JsonOf(pools), TransferOrder.Proposed, staffUser, why);
        rows.Add(row);
        await rows.SaveChangesAsync(ct);
        var order = (await TransferOrder.ReadAsync(rows, row.Id, ct))!;
        await AuditAsync(transaction, order, TransferOrder.Proposed, staffUser, why, ct);
        await transaction.CommitAsync(ct);
        return order;
    }

    /// <summary>Approves, rejects or withdraws; <paramref name="why"/> may be empty.</summary>
    public async Task<Verdict<TransferOrder>> DecideAsync(long id, ChangeStep step, string staffUser, string why, CancellationToken ct)
    {
        await using var connection = await database.OpenConnectionAsync(ct);
        await using var transaction = await connection.BeginTransactionAsync(ct);
        await using var rows = ShardRows.In(transaction);
        if (await TransferOrder.ReadAsync(rows, id, ct) is not { } seen)
        {
            return TransferRefusals.Unknown;
        }

        // Whoever moves an order holds its source's lock, so what is read after it stays until the commit.
        var plan = await PlanAsync(rows, transaction, seen.Source, seen.Pools, ct);
        var order = (await TransferOrder.ReadAsync(rows, id, ct))!;
        if (TransferRefusals.Of(order, step, staffUser) is { } refused)
        {
            return refused;
        }

        if (step == ChangeStep.Approve)
        {
            if (plan.Result is null)
            {
                return new Refused(plan.Refusal, plan.Detail);
            }

            await TransferCommit.WriteAsync(rows, transaction, plan.Result, clock.GetUtcNow(), ct);
        }

        var status = StatusAfter(step);
        await WriteAsync(rows, id, status, staffUser, why, ct);
        await AuditAsync(transaction, order, status, staffUser, why, ct);
        if (step == ChangeStep.Approve)
        {
            await TransferAudit.AppendAsync(audit, transaction, order, plan.Result!, staffUser, ct);
        }

        var after = (await TransferOrder.ReadAsync(rows, id, ct))!;
        await transaction.CommitAsync(ct);
        return after;
    }

    async Task<Verdict<TransferPlan>> PlanAsync(
        ShardRows rows, NpgsqlTransaction transaction, int source, IReadOnlyDictionary<string, string> pools, CancellationToken ct)
    {
        var targets = await JackpotNumbers.OfPoolsAsync(rows, pools.Values, ct);
        var locked = await jackpots.LockAsync(transaction, [.. targets.Append(source).Distinct()], ct);
        return TransferPlan.Make(locked.Single(jackpot => jackpot.Number == source), pools, [.. locked.Where(jackpot => jackpot.Number != source)]);
    }

    async Task AuditAsync(NpgsqlTransaction transaction, TransferOrder order, string status, string staffUser, string why, CancellationToken ct)
    {
        var done = status == TransferOrder.Done;
        await audit.AppendAsync(transaction, new AuditedStep(
            $"jackpot {order.JackpotId}", $"transfer {order.Id} {status}", done ? order.Author : staffUser, why.Length > 0 ? why : order.Why)
        {
            AuthorisedBy = done ? staffUser : "",
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

    static async Task WriteAsync(ShardRows rows, long id, string status, string staffUser, string why, CancellationToken ct) =>
        await rows.Set<TransferRow>().Where(row => row.Id == id).ExecuteUpdateAsync(
            set => set.SetProperty(row => row.Status, status)
                .SetProperty(row => row.DecidedBy, staffUser)
                .SetProperty(row => row.Decision, why.Length == 0 ? null : why)
                .SetProperty(row => row.ChangedAt, _ => ShardRows.Now()),
            ct);
}
