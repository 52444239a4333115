using Jackpot.Shard.Admin;
using Jackpot.Shard.Problems;
using Jackpot.Shard.Rows;
using Microsoft.EntityFrameworkCore;

namespace Jackpot.Shard.Jackpots;

/// <summary>The tables' own keys of jackpots, looked up where a moment-old directory would not do.</summary>
internal static class JackpotNumbers
{
    public static readonly Refused Unknown = new(Refusal.NotFound, "no jackpot of that id lives on this shard");

    public static Task<int?> OfAsync(ShardRows rows, string jackpotId, CancellationToken ct) =>
        rows.Set<JackpotRow>().Where(jackpot => jackpot.JackpotId == jackpotId).Select(jackpot => (int?)jackpot.Id).SingleOrDefaultAsync(ct);

    /// <summary>The jackpots that these pools belong to, each once; unknown pools are left out.</summary>
    public static Task<List<int>> OfPoolsAsync(ShardRows rows, IEnumerable<string> poolIds, CancellationToken ct) =>
        rows.Set<PoolRow>().Where(pool => poolIds.Contains(pool.PoolId)).Select(pool => pool.Jackpot).Distinct().ToListAsync(ct);
}
