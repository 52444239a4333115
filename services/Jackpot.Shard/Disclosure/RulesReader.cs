using Jackpot.Ledger.Jackpots;
using Jackpot.Shard.Rows;
using Microsoft.EntityFrameworkCore;
using Npgsql;

namespace Jackpot.Shard.Disclosure;

/// <summary>Reads the terms from the tables, never from a cache: a rules page may not be a moment behind what bets are decided by.</summary>
internal sealed class RulesReader(NpgsqlDataSource database)
{
    /// <summary>Null when no jackpot of that id lives here.</summary>
    public async Task<DisclosedJackpot?> ReadAsync(string jackpotId, CancellationToken ct)
    {
        await using var rows = ShardRows.Of(database);
        var found = await (
            from jackpot in rows.Set<JackpotRow>()
            join state in rows.Set<StateRow>() on jackpot.Id equals state.Id
            join terms in rows.Set<TermsRow>() on new { Jackpot = jackpot.Id, Version = jackpot.ConfigVersion } equals new { terms.Jackpot, terms.Version }
            where jackpot.JackpotId == jackpotId
            select new { Terms = terms, jackpot.Approved, state.Status }).SingleOrDefaultAsync(ct);
        return found is null ? null : new DisclosedJackpot(
            JackpotTerms.Of(found.Terms.Definition, found.Terms.Version),
            found.Approved is { } approved ? JackpotTerms.Of(approved, found.Terms.Version + 1) : null, found.Status, found.Terms.InForceAt);
    }
}
