using Jackpot.TestKit;

namespace Jackpot.Shard.Tests;

public sealed class TestDoorsTests(PostgresFixture postgres) : IClassFixture<PostgresFixture>
{
    [Fact]
    public async Task A_bet_goes_through_the_doors_into_the_tables_and_can_be_read()
    {
        await using var ledger = await TestLedger.CreateAsync(postgres);
        await using var doors = await TestDoors.OpenAsync(ledger);
        await ledger.FoundAsync(TestLedger.Quiet("quiet"));

        var bet = await doors.BetAsync("quiet", "k1");
        var pool = await doors.GetAsync("/v1/jp/pools/quiet-main", tenant: TestLedger.Tenant);

        Assert.Equal("accepted", bet.Is(200).GetProperty("status").GetString());
        Assert.Equal(1_000.20m, pool.Is(200).GetProperty("amount").GetProperty("amount").GetDecimal());
        await ledger.AssertBalancedAsync();
    }
}
