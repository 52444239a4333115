using Jackpot.TestKit;
using Jackpot.TestKit.Servers;

namespace Jackpot.Shard.Tests.Storage;

/// <summary>The way of the money on the PostgreSQL of a container: docs/testing.md.</summary>
public sealed class PostgresContainerTests(PostgresContainerFixture postgres) : IClassFixture<PostgresContainerFixture>
{
    const int Bets = 120;

    static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Bets_on_an_empty_database_are_recorded_once_drop_and_balance()
    {
        await using var ledger = await TestLedger.OpenAsync(await postgres.CreateDatabaseAsync());
        var jackpot = await ledger.CreateJackpotAsync(TestLedger.MustDrop("pot"));
        var bets = Enumerable.Range(0, Bets).Select(i => ledger.Item(jackpot, $"bet-{i}")).ToArray();

        await ledger.NewWriter().RecordAsync(bets, Ct);
        await ledger.NewWriter().RecordAsync(bets, Ct);

        Assert.Equal(Bets, await ledger.ScalarAsync<long>("SELECT count(*) FROM contribution"));
        Assert.True(await ledger.ScalarAsync<long>("SELECT count(*) FROM award") >= 1);
        await ledger.AssertBalancedAsync();
    }
}
