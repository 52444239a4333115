using Jackpot.Contracts.Views;
using Jackpot.Core.Amounts;
using Jackpot.Core.Payouts;
using Jackpot.Ledger.Texts;
using Jackpot.Shard.Jackpots;
using Jackpot.Shard.Rows;
using Microsoft.EntityFrameworkCore;
using Npgsql;

namespace Jackpot.Shard.Payouts.Held;

/// <summary>What staff look for among payouts. Left out means any.</summary>
/// <param name="AgeMin">How long it must have been in its state.</param>
/// <param name="After">The payout that the last page ended with.</param>
internal sealed record PayoutFilter(PayoutState State, HoldCause? Cause, string? TenantId, string? ClaimedBy, TimeSpan? AgeMin, string? After, int Limit);

/// <summary>Reads payouts for the people who work on them.</summary>
internal sealed class PayoutQueue(NpgsqlDataSource database, TimeProvider clock)
{
    public const int RowsMax = 200;

    /// <summary>States that can be listed; an index finds each. Credited payouts are found by their award.</summary>
    public static readonly IReadOnlyList<PayoutState> States = [.. Enum.GetValues<PayoutState>().Where(state => state != PayoutState.Credited)];

    /// <summary>The longest in its state first.</summary>
    public async Task<StaffPayoutList> ListAsync(PayoutFilter filter, CancellationToken ct)
    {
        await using var rows = ShardRows.Of(database);
        var found = rows.Set<PayoutRow>().Where(payout => payout.State == WireNames.Of(filter.State));
        if (filter.Cause is { } cause)
        {
            found = found.Where(payout => payout.HoldCause == WireNames.Of(cause));
        }

        if (filter.TenantId is { } tenant)
        {
            found = found.Where(payout => payout.TenantId == tenant);
        }

        if (filter.ClaimedBy is { } person)
        {
            found = found.Where(payout => payout.ClaimedBy == person);
        }

        if (filter.AgeMin is { } age)
        {
            var before = clock.GetUtcNow() - age;
            found = found.Where(payout => payout.ChangedAt <= before);
        }

        if (filter.After is { } after)
        {
            var last = rows.Set<PayoutRow>().Where(payout => payout.PayoutId == after);
            found = found.Where(payout => last.Any(seen => payout.ChangedAt > seen.ChangedAt
                || (payout.ChangedAt == seen.ChangedAt && string.Compare(payout.PayoutId, seen.PayoutId) > 0)));
        }

        var page = await Views(rows, found.OrderBy(payout => payout.ChangedAt).ThenBy(payout => payout.PayoutId).Take(filter.Limit)).ToListAsync(ct);
        return new StaffPayoutList([.. page.Select(ViewOf)], page.Count == filter.Limit ? page[^1].Payout.PayoutId : null);
    }

    /// <summary>One payout with its steps, orders and notes; null when there is none.</summary>
    public async Task<PayoutStoryView?> FindAsync(string payoutId, CancellationToken ct)
    {
        await using var rows = ShardRows.Of(database);
        if (await Views(rows, rows.Set<PayoutRow>().Where(payout => payout.PayoutId == payoutId)).SingleOrDefaultAsync(ct) is not { } found)
        {
            return null;
        }

        var steps = await rows.Set<PayoutStep>().Where(step => step.PayoutId == payoutId).OrderBy(step => step.Number).Take(RowsMax).ToListAsync(ct);
        var orders = await rows.Set<PayoutOrder>().Where(order => order.PayoutId == payoutId).OrderByDescending(order => order.Id).Take(RowsMax).ToListAsync(ct);
        var notes = await rows.Set<PayoutNote>().Where(note => note.PayoutId == payoutId).OrderByDescending(note => note.Id).Take(RowsMax).ToListAsync(ct);
        return new PayoutStoryView(
            ViewOf(found),
            [new PayoutStepView(found.Award.AwardedAt, WireNames.Of(PayoutState.Requested), null, null), .. steps.Select(step => new PayoutStepView(step.At, step.State, step.Cause, step.Reason))],
            [.. orders.Select(order => order.ToView())],
            [.. notes.Select(note => new PayoutNoteView(note.At, note.Author, note.Text))]);
    }

    static IQueryable<Found> Views(ShardRows rows, IQueryable<PayoutRow> payouts) =>
        from payout in payouts
        join award in rows.Set<AwardRow>() on payout.AwardId equals award.AwardId
        join pool in rows.Set<PoolRow>() on award.Pool equals pool.Id
        join jackpot in rows.Set<JackpotRow>() on award.Jackpot equals jackpot.Id
        orderby payout.ChangedAt, payout.PayoutId
        select new Found { Payout = payout, Award = award, PoolId = pool.PoolId, JackpotId = jackpot.JackpotId };

    StaffPayoutView ViewOf(Found found)
    {
        var (payout, award) = (found.Payout, found.Award);
        return new StaffPayoutView(
            payout.PayoutId, payout.AwardId, found.JackpotId, found.PoolId, payout.TenantId, payout.PlayerId, new Money(payout.Amount, Currency.Parse(award.Currency)),
            payout.State, payout.HoldCause, payout.Reason, payout.InDoubt, payout.Attempts, payout.ChangedAt,
            (long)Math.Max(0, (clock.GetUtcNow() - payout.ChangedAt).TotalSeconds), payout.ClaimedBy,
            payout.ToTenant is null ? null : new PayoutAccount(payout.ToTenant, payout.ToPlayer!));
    }

    /// <summary>Set by name, not by a constructor: so EF Core can look through it.</summary>
    sealed class Found
    {
        public required PayoutRow Payout { get; init; }

        public required AwardRow Award { get; init; }

        public required string PoolId { get; init; }

        public required string JackpotId { get; init; }
    }
}
