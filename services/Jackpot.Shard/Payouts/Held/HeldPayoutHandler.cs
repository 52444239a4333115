using System.Text.Json;
using Jackpot.Contracts.Events;
using Jackpot.Core.Amounts;
using Jackpot.Core.Changes;
using Jackpot.Core.Payouts;
using Jackpot.Ledger.Audit;
using Jackpot.Ledger.Outbox;
using Jackpot.Ledger.Texts;
using Jackpot.Shard.Admin;
using Jackpot.Shard.Jackpots;
using Jackpot.Shard.Regions;
using Jackpot.Shard.Rows;
using Microsoft.EntityFrameworkCore;
using Npgsql;

namespace Jackpot.Shard.Payouts.Held;

/// <summary>
/// Takes orders for held payouts: one person orders, another decides. What the rules say is asked both times, under the lock of the payout; an approved
/// order, its event, its books and its entry in the audit log are one commit.
/// </summary>
internal sealed class HeldPayoutHandler(
    NpgsqlDataSource database, PoolReturn pools, TenantDirectory tenants, AuditLog audit, OutboxSignal outbox, TimeProvider clock)
{
    public async Task<Verdict<PayoutOrder>> ProposeAsync(PayoutOrder wanted, CancellationToken ct)
    {
        if (wanted.ToTenant is { } tenant && !(tenants.Find(tenant) is { } home && tenants.IsOfRegion(home)))
        {
            return HeldPayoutRefusals.AccountElsewhere;
        }

        await using var connection = await database.OpenConnectionAsync(ct);
        await using var transaction = await connection.BeginTransactionAsync(ct);
        await using var rows = ShardRows.In(transaction);
        if (await LockAsync(rows, wanted.PayoutId, ct) is not { } payout)
        {
            return HeldPayoutRefusals.Unknown;
        }

        if (Refuses(payout, wanted) is { } refused)
        {
            return refused;
        }

        // Whoever orders holds the payout's lock, so that no other order comes between the question and the row.
        if (await rows.Set<PayoutOrder>().AnyAsync(other => other.PayoutId == wanted.PayoutId && other.Status == PayoutOrder.Proposed, ct))
        {
            return HeldPayoutRefusals.Waits;
        }

        rows.Add(wanted);
        await rows.SaveChangesAsync(ct);
        var order = await rows.Set<PayoutOrder>().SingleAsync(row => row.Id == wanted.Id, ct);
        await AuditAsync(transaction, payout, order, PayoutOrder.Proposed, wanted.Author, wanted.Why, ct);
        await transaction.CommitAsync(ct);
        return order;
    }

    /// <summary>Approves, rejects or withdraws; <paramref name="why"/> may be empty. An approved order that lets the saga go on does not start it.</summary>
    public async Task<Verdict<PayoutOrder>> DecideAsync(long id, ChangeStep step, string person, string why, CancellationToken ct)
    {
        await using var connection = await database.OpenConnectionAsync(ct);
        await using var transaction = await connection.BeginTransactionAsync(ct);
        await using var rows = ShardRows.In(transaction);
        if (await rows.Set<PayoutOrder>().SingleOrDefaultAsync(row => row.Id == id, ct) is not { } seen)
        {
            return HeldPayoutRefusals.UnknownOrder;
        }

        // The jackpot's lock comes before the payout's, as everywhere.
        var approves = step == ChangeStep.Approve;
        var target = approves && seen.ToRules().Action == HeldAction.RollBack ? await pools.LockAsync(transaction, seen.PayoutId, ct) : null;
        var payout = (await LockAsync(rows, seen.PayoutId, ct))!;
        var order = await rows.Set<PayoutOrder>().SingleAsync(row => row.Id == id, ct);
        if ((HeldPayoutRefusals.Of(order, step, person) ?? (approves ? Refuses(payout, order) : null)) is { } refused)
        {
            return refused;
        }

        if (approves)
        {
            if (target is not null && !await pools.ReturnAsync(rows, transaction, target, payout.Amount, ct))
            {
                return HeldPayoutRefusals.PoolNotOpen;
            }

            await ApplyAsync(rows, payout, order, ct);
        }

        var status = StatusAfter(step);
        await rows.Set<PayoutOrder>().Where(row => row.Id == id).ExecuteUpdateAsync(
            set => set.SetProperty(row => row.Status, status)
                .SetProperty(row => row.DecidedBy, person)
                .SetProperty(row => row.Decision, why.Length == 0 ? null : why)
                .SetProperty(row => row.ChangedAt, _ => ShardRows.Now()), ct);
        await AuditAsync(transaction, payout, order, status, person, why, ct);
        var after = await rows.Set<PayoutOrder>().SingleAsync(row => row.Id == id, ct);
        await transaction.CommitAsync(ct);
        outbox.Raise();
        return after;
    }

    static Task<PayoutRow?> LockAsync(ShardRows rows, string payoutId, CancellationToken ct) =>
        rows.Set<PayoutRow>().FromSql($"SELECT * FROM payout WHERE payout_id = {payoutId} FOR UPDATE").SingleOrDefaultAsync(ct);

    static Refused? Refuses(PayoutRow payout, PayoutOrder order) =>
        HeldPayoutRefusals.Of(HeldPayoutRules.Check(WireNames.Parse<PayoutState>(payout.State), payout.InDoubt, order.ToRules()));

    /// <summary>The payout's row and its event. Resuming waives what held it; a re-route is a new credit with an id of its own.</summary>
    async Task ApplyAsync(ShardRows rows, PayoutRow payout, PayoutOrder order, CancellationToken ct)
    {
        var action = order.ToRules().Action;
        var state = WireNames.Of(HeldPayoutRules.After(action, payout.InDoubt));
        var stays = action == HeldAction.NotPaid;
        var reason = stays ? payout.Reason : null;
        var waived = action == HeldAction.Resume ? Waives(payout) : null;
        var now = clock.GetUtcNow();
        await rows.Database.ExecuteSqlAsync($"""
            UPDATE payout SET state = {state}, in_doubt = false, looks = 0, reason = {reason}, changed_at = {now},
                hold_cause = CASE WHEN {stays} THEN hold_cause END, held_at = CASE WHEN {stays} THEN held_at END,
                claimed_by = CASE WHEN {stays} THEN claimed_by END,
                waived = CASE WHEN {waived}::text IS NULL THEN waived ELSE array_append(waived, {waived}::text) END,
                route = route + CASE WHEN {order.ToTenant}::text IS NULL THEN 0 ELSE 1 END,
                to_tenant = coalesce({order.ToTenant}, to_tenant), to_player = coalesce({order.ToPlayer}, to_player)
            WHERE payout_id = {payout.PayoutId}
            """, ct);
        if (stays)
        {
            return;
        }

        var currency = await rows.Set<AwardRow>().Where(award => award.AwardId == payout.AwardId).Select(award => award.Currency).SingleAsync(ct);
        var changed = new PayoutChanged(
            payout.PayoutId, payout.AwardId, order.ToTenant ?? payout.ToTenant ?? payout.TenantId, new Money(payout.Amount, Currency.Parse(currency)), state,
            order.Action, payout.Attempts, now);
        var json = JsonSerializer.Serialize(changed, EventJson.Default.PayoutChanged);
        await rows.Database.ExecuteSqlAsync($"INSERT INTO outbox (kind, payload) VALUES ({TopicOf(action)}, {json})", ct);
    }

    static string? Waives(PayoutRow payout) => payout.HoldCause switch
    {
        null => null,
        var cause when cause == WireNames.Of(HoldCause.CheckFailed) => payout.Reason,
        var cause => cause,
    };

    static string TopicOf(HeldAction action) => action switch
    {
        HeldAction.PaidOutside => Topics.PayoutCredited,
        HeldAction.Forfeit or HeldAction.RollBack => Topics.PayoutFailed,
        _ => Topics.PayoutRequested,
    };

    async Task AuditAsync(NpgsqlTransaction transaction, PayoutRow payout, PayoutOrder order, string status, string person, string why, CancellationToken ct)
    {
        var done = status == PayoutOrder.Done;
        await audit.AppendAsync(transaction, new AuditedStep(
            $"payout {payout.PayoutId}", $"{order.Action} {status}", done ? order.Author : person, why.Length > 0 ? why : order.Why)
        {
            AuthorisedBy = done ? person : "",
            Before = $"{payout.State}: {payout.HoldCause} {payout.Reason}".TrimEnd(),
            After = string.Join("; ", new[] { order.Evidence is { } proof ? $"evidence {proof}" : null, order.Beneficiary is { } third ? $"to {third}" : null }.OfType<string>()),
        }, ct);
    }

    static string StatusAfter(ChangeStep step) => step switch
    {
        ChangeStep.Approve => PayoutOrder.Done,
        ChangeStep.Reject => PayoutOrder.Rejected,
        ChangeStep.Withdraw => PayoutOrder.Withdrawn,
        _ => throw new ArgumentOutOfRangeException(nameof(step), step, "An order knows no such step."),
    };
}
