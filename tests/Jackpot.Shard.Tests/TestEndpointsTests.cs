using Jackpot.TestKit;

namespace Jackpot.Shard.Tests;

public sealed class TestEndpointsTests(PostgresFixture postgres) : IClassFixture<PostgresFixture>
{
    [Fact]
    public async Task A_bet_goes_through_the_endpoints_into_the_tables_and_can_be_read()
    {
        await using var ledger = await TestLedger.CreateAsync(postgres);
        await using var endpoints = await TestEndpoints.OpenAsync(ledger);
        await ledger.CreateJackpotAsync(TestLedger.Quiet("quiet"));

        var bet = await endpoints.BetAsync("quiet", "k1");
        var pool = await endpoints.GetAsync("/v1/jp/pools/quiet-main", tenant: TestLedger.Tenant);

        Assert.Equal("accepted", bet.Is(200).GetProperty("status").GetString());
        Assert.Equal(1_000.20m, pool.Is(200).GetProperty("amount").GetProperty("amount").GetDecimal());
        await ledger.AssertBalancedAsync();
    }

    [Fact]
    public async Task Every_admin_endpoint_is_described()
    {
        await using var ledger = await TestLedger.CreateAsync(postgres);
        await using var endpoints = await TestEndpoints.OpenAsync(ledger);

        var paths = (await endpoints.GetAsync("/openapi/v1.json")).Is(200).GetProperty("paths").EnumerateObject().Select(path => path.Name).ToList();

        Assert.Superset(new HashSet<string>
        {
            "/v1/admin/jackpots/{jackpotId}", "/v1/admin/jackpots/{jackpotId}/pause", "/v1/admin/jackpots/{jackpotId}/changes", "/v1/admin/changes/{changeId}/approve",
            "/v1/admin/jackpots/{jackpotId}/transfer", "/v1/admin/transfers/{transferId}/approve", "/v1/admin/templates/{templateId}/personal-pots",
            "/v1/audit/log", "/v1/audit/log/verify",
        }, paths.ToHashSet());
    }
}
