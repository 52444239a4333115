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
        return [.. found.Select(share => ViewOf(share, AwardReader.Anybody, null))];
    }

    /// <summary>One award with every payout, when a player of this tenant has a share of it. Other operators' players are not named.</summary>
    public async Task<AwardView?> FindAsync(string awardId, string tenantId, CancellationToken ct)
    {
        await using var rows = ShardRows.Of(database);
        var found = await Shares(rows)
            .Where(share => share.Award.AwardId == awardId && rows.Set<PayoutRow>().Any(own => own.AwardId == awardId && own.TenantId == tenantId))
            .OrderBy(share => share.Payout.Winner).ToListAsync(ct);
        var reader = AwardReader.Of(tenantId);
        return found.Count == 0 ? null : ViewOf(found[0], reader, found.ConvertAll(share => share.ToView(reader)));
    }

    /// <summary>Awards that fit, newest first; null when there is no award to go on after.</summary>
    public async Task<List<AwardView>?> SearchAsync(AwardSearch search, AwardReader reader, CancellationToken ct)
    {
        await using var rows = ShardRows.Of(database);
        var shares = Fitting(rows, search);
        if (search.After is { } after)
        {
            var last = await rows.Set<AwardRow>().Where(award => award.AwardId == after).Select(award => new { award.AwardedAt }).SingleOrDefaultAsync(ct);
            if (last is null)
            {
                return null;
            }

            var at = last.AwardedAt;
            shares = shares.Where(share => share.Award.AwardedAt < at || (share.Award.AwardedAt == at && string.Compare(share.Award.AwardId, after) < 0));
        }

        var found = await shares.OrderByDescending(share => share.Award.AwardedAt).ThenByDescending(share => share.Award.AwardId).Take(search.AtMost).ToListAsync(ct);
        var own = search.PlayerId is { } player ? await OfPlayerAsync(rows, found, search.TenantId, player, reader, ct) : null;
        return [.. found.Select(share => ViewOf(share, reader, own?[share.Award.AwardId].ToList()))];
    }

    /// <summary>The first winner's share of every award that fits. Each condition is put only when it is asked for, so that its index serves it.</summary>
    static IQueryable<Share> Fitting(ShardRows rows, AwardSearch search)
    {
        var (tenant, player, from, to) = (search.TenantId, search.PlayerId, search.From, search.To);
        var shares = Shares(rows).Where(share => share.Payout.Winner == 0);
        shares = (tenant, player) switch
        {
            (not null, not null) => shares.Where(share => rows.Set<PayoutRow>().Any(own => own.AwardId == share.Award.AwardId && own.TenantId == tenant && own.PlayerId == player)),
            (not null, null) => shares.Where(share => rows.Set<PayoutRow>().Any(own => own.AwardId == share.Award.AwardId && own.TenantId == tenant)),
            (null, not null) => shares.Where(share => rows.Set<PayoutRow>().Any(own => own.AwardId == share.Award.AwardId && own.PlayerId == player)),
            _ => shares,
        };
        shares = from is null ? shares : shares.Where(share => share.Award.AwardedAt >= from);
        shares = to is null ? shares : shares.Where(share => share.Award.AwardedAt < to);
        return search.IsOfBet ? OfBet(shares, search) : shares;
    }

    /// <summary>What a bet says of itself is its operator's alone to ask for.</summary>
    static IQueryable<Share> OfBet(IQueryable<Share> shares, AwardSearch search)
    {
        var (tenant, game, round, contribution) = (search.TenantId, search.GameId, search.RoundId, search.ContributionId);
        shares = tenant is null ? shares : shares.Where(share => share.Award.TenantId == tenant);
        shares = game is null ? shares : shares.Where(share => share.Award.GameId == game);
        shares = round is null ? shares : shares.Where(share => share.Award.RoundId == round);
        return contribution is null ? shares : shares.Where(share => share.Award.ContributionId == contribution);
    }

    static async Task<ILookup<string, PayoutView>> OfPlayerAsync(ShardRows rows, List<Share> found, string? tenantId, string playerId, AwardReader reader, CancellationToken ct)
    {
        var ids = found.ConvertAll(share => share.Award.AwardId);
        var own = await Shares(rows).Where(share => ids.Contains(share.Award.AwardId) && share.Payout.PlayerId == playerId && (tenantId == null || share.Payout.TenantId == tenantId))
            .OrderBy(share => share.Payout.Winner).ToListAsync(ct);
        return own.ToLookup(share => share.Award.AwardId, share => share.ToView(reader));
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

    static AwardView ViewOf(Share share, AwardReader reader, List<PayoutView>? all)
    {
        var (award, first) = (share.Award, share.ToView(reader));
        return new AwardView(
            award.AwardId, share.PoolId, share.JackpotId, award.Cycle, award.Sequence, share.MoneyOf(award.Amount), award.AwardedAt, first, first.PlayerId,
            share.Winners, award.House > 0 ? share.MoneyOf(award.House) : null, award.WinningTickets is { Length: > 0 } tickets ? tickets : null, all,
            Named(award.GameId), Named(award.RoundId), Named(award.ContributionId));

        string? Named(string id) => id.Length > 0 && reader.Sees(award.TenantId) ? id : null;
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

        public PayoutView ToView(AwardReader reader) => new(
            Payout.PayoutId, Payout.State, Payout.Reason, Payout.Attempts, Payout.ChangedAt, Payout.Winner,
            Payout.State == Ledger.Awards.Payout.Sharing ? null : MoneyOf(Payout.Amount), Payout.Part, reader.Sees(Payout.TenantId) ? Payout.PlayerId : null,
            Payout.State == Ledger.Awards.Payout.Sharing ? null : PaidOf(), Payout.RateVersion is > 0 ? Payout.RateVersion : null);

        Money PaidOf() => Payout.Paid is { } paid ? new Money(paid, Currency.Parse(Payout.PaidCurrency!)) : MoneyOf(Payout.Amount);
    }
}
