using System.Globalization;
using Npgsql;

namespace Jackpot.EndToEnd.Tests;

/// <summary>What a shard's tables say after all that a test did to it.</summary>
internal static class Books
{
    public static async Task<long> ScalarAsync(this NpgsqlDataSource database, string sql)
    {
        await using var command = database.CreateCommand(sql);
        return Convert.ToInt64(await command.ExecuteScalarAsync(TestContext.Current.CancellationToken), CultureInfo.InvariantCulture);
    }

    /// <summary>So many bets, each once, and in each jackpot numbered without a gap.</summary>
    public static async Task AssertStoredOnceAsync(this NpgsqlDataSource database, long bets)
    {
        Assert.Equal(bets, await database.ScalarAsync("SELECT count(*) FROM contribution"));
        Assert.Equal(bets, await database.ScalarAsync("SELECT count(DISTINCT contribution_id) FROM contribution"));
        Assert.Equal(0L, await database.ScalarAsync("""
            SELECT count(*) FROM (SELECT count(*) AS n, max(sequence) AS last FROM contribution GROUP BY jackpot) g WHERE n <> last
            """));
    }

    /// <summary>Every account of every pool balances, and what players put in is what the contributions sum up to, less what voids took back.</summary>
    public static async Task AssertBalancedAsync(this NpgsqlDataSource database)
    {
        Assert.Equal(0L, await database.ScalarAsync("""
            SELECT count(*) FROM balancing WHERE difference <> 0 OR increment_difference <> 0 OR seed_difference <> 0
                OR reserve_difference <> 0 OR overflow_difference <> 0
            """));
        Assert.Equal(0L, await database.ScalarAsync("""
            SELECT sum(contribution)::bigint - (SELECT coalesce(sum(contribution), 0)::bigint FROM void) + (SELECT sum(players)::bigint FROM journal) FROM contribution
            """));
    }
}
