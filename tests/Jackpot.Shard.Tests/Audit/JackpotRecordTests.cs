using Jackpot.TestKit;

namespace Jackpot.Shard.Tests.Audit;

public sealed class JackpotRecordTests(PostgresFixture postgres) : IClassFixture<PostgresFixture>
{
    static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    [Trait("Rule", "R02")]
    [Trait("Rule", "R03")]
    public async Task The_record_of_a_jackpot_holds_its_terms_times_status_and_every_meter()
    {
        await using var ledger = await TestLedger.CreateAsync(postgres);
        await using var endpoints = await TestEndpoints.OpenAsync(ledger);
        var jackpot = await ledger.CreateJackpotAsync(TestLedger.MustDrop("drop"));
        await ledger.NewWriter().RecordAsync([.. Enumerable.Range(0, 250).Select(i => ledger.Item(jackpot, $"k{i}"))], Ct);

        var record = (await endpoints.GetAsync("/v1/audit/jackpots/drop")).Is(200);
        var pool = record.GetProperty("pools")[0];

        Assert.Equal("active", record.GetProperty("status").GetString());
        Assert.Equal(250, record.GetProperty("contributions").GetInt64());
        Assert.Equal(1, record.GetProperty("terms_version").GetInt32());
        Assert.Equal(12.00m, record.GetProperty("terms").GetProperty("pools")[0].GetProperty("trigger").GetProperty("max").GetDecimal());
        Assert.True(record.TryGetProperty("available_from", out _));
        Assert.False(record.TryGetProperty("decommissioned_at", out _));
        Assert.Equal(31.25m, Amount("contributions_in"));
        Assert.Equal(1.00m, Amount("reset"));
        Assert.Equal(100.00m, Amount("turnover_per_drop"));
        Assert.Equal(await ledger.ScalarAsync<long>("SELECT count(*) FROM award"), pool.GetProperty("hits").GetInt64());
        Assert.InRange(pool.GetProperty("hits").GetInt64(), 2, 3);
        Assert.Equal(await ledger.ScalarAsync<decimal>("SELECT sum(amount) / 1000000.0 FROM award"), Amount("wins"));
        Assert.Equal(await ledger.ScalarAsync<decimal>("SELECT sum(increment + seed + overflow + reserve) / 1000000.0 FROM pool_state"), Amount("current") + Amount("overflow") + Amount("reserve"));

        decimal Amount(string meter) => pool.GetProperty(meter).GetProperty("amount").GetDecimal();
    }

    [Fact]
    [Trait("Rule", "R03")]
    public async Task The_record_of_an_ended_jackpot_says_when_it_ended()
    {
        await using var ledger = await TestLedger.CreateAsync(postgres);
        await using var endpoints = await TestEndpoints.OpenAsync(ledger);
        await ledger.CreateJackpotAsync(TestLedger.Quiet("ended"));
        await ledger.ExecuteAsync("UPDATE pool_state SET increment = 0, seed = 0, reserve = 0, overflow = 0");
        (await endpoints.PostAsync("/v1/admin/jackpots/ended/pause", """{"why":"it ends"}""", "anna")).Is(204);
        (await endpoints.PostAsync("/v1/admin/jackpots/ended/decommission", """{"why":"it ends"}""", "anna")).Is(204);

        var record = (await endpoints.GetAsync("/v1/audit/jackpots/ended")).Is(200);

        Assert.Equal("decommissioned", record.GetProperty("status").GetString());
        Assert.True(record.GetProperty("decommissioned_at").GetDateTimeOffset() >= record.GetProperty("available_from").GetDateTimeOffset());
    }
}
