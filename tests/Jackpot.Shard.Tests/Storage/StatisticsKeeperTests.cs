using Jackpot.Ledger.Storage;
using Jackpot.TestKit;
using Microsoft.Extensions.Logging.Abstractions;

namespace Jackpot.Shard.Tests.Storage;

public sealed class StatisticsKeeperTests(PostgresFixture postgres) : IClassFixture<PostgresFixture>
{
    const string Known = "SELECT string_agg(DISTINCT tablename, ' ' ORDER BY tablename) FROM pg_stats WHERE tablename IN ('batch', 'journal') OR tablename LIKE 'contribution_2%'";

    static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task What_a_crash_made_PostgreSQL_forget_is_analysed_when_the_shard_starts_and_once()
    {
        await using var ledger = await ForgottenAsync();
        using var keeper = new StatisticsKeeper(ledger.Database, ledger.Loops, NullLogger<StatisticsKeeper>.Instance);

        await keeper.StartAsync(Ct);

        var day = DateTime.UtcNow.ToString("yyyyMMdd", System.Globalization.CultureInfo.InvariantCulture);
        await Eventually.TrueAsync(async () => await ledger.ScalarAsync<object>(Known) as string == $"batch contribution_{day} journal", what: "statistics of the tables with rows");
        await keeper.StopAsync(Ct);
        Assert.Empty(await StatisticsKeeper.AnalyzeAsync(ledger.Database, Ct));
    }

    [Fact]
    public async Task A_table_that_somebody_changes_is_left_for_the_next_round()
    {
        await using var ledger = await ForgottenAsync();
        await using (var connection = await ledger.Database.OpenConnectionAsync(Ct))
        {
            await using var transaction = await connection.BeginTransactionAsync(Ct);
            await using var change = new Npgsql.NpgsqlCommand("LOCK TABLE journal IN SHARE UPDATE EXCLUSIVE MODE", connection);
            await change.ExecuteNonQueryAsync(Ct);
            Assert.DoesNotContain("journal", await StatisticsKeeper.AnalyzeAsync(ledger.Database, Ct));
        }

        Assert.Equal(["journal"], await StatisticsKeeper.AnalyzeAsync(ledger.Database, Ct));
    }

    /// <summary>A ledger with a contribution, of which PostgreSQL knows nothing.</summary>
    async Task<TestLedger> ForgottenAsync()
    {
        var ledger = await TestLedger.CreateAsync(postgres);
        var jackpot = await ledger.CreateJackpotAsync(TestLedger.Quiet("pot"));
        await ledger.NewWriter().RecordAsync([ledger.Item(jackpot, "k")], Ct);
        await ledger.ExecuteAsync("SET allow_system_table_mods = on; DELETE FROM pg_statistic; SELECT pg_stat_reset()");
        return ledger;
    }
}
