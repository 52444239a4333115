using Jackpot.Contracts.Views;
using Jackpot.Core.Amounts;
using Jackpot.Ledger.Jackpots;
using Jackpot.Shard.Rows;
using Microsoft.EntityFrameworkCore;
using Npgsql;

namespace Jackpot.Shard.Jackpots;

/// <summary>Reads awards and how far their payouts are, from the primary as all reads.</summary>
internal sealed class AwardQueries(NpgsqlDataSource database)
{
    /// <summary>The newest awards of a jackpot with the first winner's payout, without players.</summary>
    public async Task<List<AwardView>> NewestAsync(JackpotEntry jackpot, int limit, CancellationToken ct)
    {
        await using var rows = ShardRows.Of(database);
        var found = await Shares(rows).Where(share => share.Award.Jackpot == jackpot.Number && share.Payout.Winner == 0)
            .OrderByDescending(share => share.Award.Sequence).ThenByDescending(share => share.Award.Cycle).ThenBy(share => share.Award.Pool)
            .Take(limit).ToListAsync(ct);
        return [.. found.Select(share => ViewOf(share, share.ToView(tenantId: null), null))];
    }

    /// <summary>One award with every payout, when a player of this tenant has a share of it. Other operators' players are not named.</summary>
    public async Task<AwardView?> FindAsync(string awardId, string tenantId, CancellationToken ct)
    {
        await using var rows = ShardRows.Of(database);
        var found = await Shares(rows)
            .Where(share => share.Award.AwardId == awardId && rows.Set<PayoutRow>().Any(own => own.AwardId == awardId && own.TenantId == tenantId))
            .OrderBy(share => share.Payout.Winner).ToListAsync(ct);
        var payouts = found.ConvertAll(share => share.ToView(tenantId));
        return found.Count == 0 ? null : ViewOf(found[0], payouts[0], payouts);
    }

    static IQueryable<Share> Shares(ShardRows rows) =>
        from award in rows.Set<AwardRow>()
        join pool in rows.Set<PoolRow>() on award.Pool equals pool.Id
        join jackpot in rows.Set<JackpotRow>() on award.Jackpot equals jackpot.Id
        join payout in rows.Set<PayoutRow>() on award.AwardId equals payout.AwardId
        select new Share
        {
            Award = award,
            Payout = payout,
            PoolId = pool.PoolId,
            JackpotId = jackpot.JackpotId,
            Winners = rows.Set<PayoutRow>().Count(winner => winner.AwardId == award.AwardId),
        };

    static AwardView ViewOf(Share share, PayoutView first, List<PayoutView>? all)
    {
        var award = share.Award;
        return new AwardView(
            award.AwardId, share.PoolId, share.JackpotId, award.Cycle, award.Sequence, share.MoneyOf(award.Amount), award.AwardedAt, first, first.PlayerId,
            share.Winners, award.House > 0 ? share.MoneyOf(award.House) : null, award.WinningTickets is { Length: > 0 } tickets ? tickets : null, all);
    }

    /// <summary>One winner's share with its award. Set by name, not by a constructor: so EF Core can look through it.</summary>
    sealed class Share
    {
        public required AwardRow Award { get; init; }

        public required PayoutRow Payout { get; init; }

        public required string PoolId { get; init; }

        public required string JackpotId { get; init; }

        public required int Winners { get; init; }

        public Money MoneyOf(long micros) => new(micros, Currency.Parse(Award.Currency));

        /// <param name="tenantId">Whose players are named; null for nobody's.</param>
        public PayoutView ToView(string? tenantId) => new(
            Payout.PayoutId, Payout.State, Payout.Reason, Payout.Attempts, Payout.ChangedAt, Payout.Winner,
            Payout.State == Ledger.Awards.Payout.Sharing ? null : MoneyOf(Payout.Amount), Payout.Part, Payout.TenantId == tenantId ? Payout.PlayerId : null,
            Payout.State == Ledger.Awards.Payout.Sharing ? null : PaidOf(), Payout.RateVersion is > 0 ? Payout.RateVersion : null);

        Money PaidOf() => Payout.Paid is { } paid ? new Money(paid, Currency.Parse(Payout.PaidCurrency!)) : MoneyOf(Payout.Amount);
    }
}
