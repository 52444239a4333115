using Jackpot.Contracts.Jackpots;
using Jackpot.Shard.Players;
using Jackpot.Shard.Tests.Contributions;
using Jackpot.TestKit;

namespace Jackpot.Shard.Tests.Players;

public sealed class OptInTests(PostgresFixture postgres) : IClassFixture<PostgresFixture>
{
    const string Path = "/v1/optin";
    const string Query = Path + "?player_id=player-1&jackpot_id=side";

    static readonly JackpotDefinition Side = TestLedger.Quiet("side") with
    {
        Funding = Jackpot.Core.Pools.FundingMode.SideBet,
        Eligibility = new EligibilityDefinition(ConsentVersion: 2, Bands: [new StakeBandDefinition("EUR", 100_000, 1_000_000)]),
    };

    static readonly (string, string?) SideBet = BetBody.Bet("0.50");

    static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Only_who_opted_in_to_the_version_in_force_takes_part()
    {
        await using var ledger = await TestLedger.CreateAsync(postgres);
        await ledger.CreateJackpotAsync(Side);
        await using var endpoints = await TestEndpoints.OpenAsync(ledger);

        Assert.Equal("not_opted_in", (await endpoints.SendAsync(BetBody.Json(ledger, "k1", "side", SideBet))).Reason(422, "not-eligible"));
        Assert.Equal("consent_outdated", (await endpoints.PostAsync(Path, Body(version: 1), tenant: TestLedger.Tenant)).Reason(422, "opt-in-refused"));
        var view = (await endpoints.PostAsync(Path, Body(), tenant: TestLedger.Tenant)).Is(200);
        Assert.True(view.GetProperty("opted_in").GetBoolean());
        (await endpoints.SendAsync(BetBody.Json(ledger, "k1", "side", SideBet))).Is(200);

        await ledger.ReplaceAsync(Side with { Eligibility = Side.Eligibility! with { ConsentVersion = 3 } });
        Assert.Equal("consent_outdated", (await endpoints.SendAsync(BetBody.Json(ledger, "k2", "side", SideBet))).Reason(422, "not-eligible"));
        (await endpoints.PostAsync(Path, Body(version: 3), tenant: TestLedger.Tenant)).Is(200);
        (await endpoints.SendAsync(BetBody.Json(ledger, "k2", "side", SideBet))).Is(200);

        (await endpoints.SendAsync(HttpMethod.Delete, Query, null, null, TestLedger.Tenant)).Is(204);
        Assert.Equal("not_opted_in", (await endpoints.SendAsync(BetBody.Json(ledger, "k3", "side", SideBet))).Reason(422, "not-eligible"));
    }

    [Fact]
    public async Task Every_step_is_kept_and_a_repeated_one_is_none()
    {
        await using var ledger = await TestLedger.CreateAsync(postgres);
        await ledger.CreateJackpotAsync(Side);
        await using var endpoints = await TestEndpoints.OpenAsync(ledger);
        await endpoints.PostAsync(Path, Body(), tenant: TestLedger.Tenant);
        await endpoints.PostAsync(Path, Body(), tenant: TestLedger.Tenant);
        await endpoints.PostAsync(Path, Body(stake: "0.50"), tenant: TestLedger.Tenant);
        await endpoints.SendAsync(HttpMethod.Delete, Query, null, null, TestLedger.Tenant);
        await endpoints.SendAsync(HttpMethod.Delete, Query, null, null, TestLedger.Tenant);

        var view = (await endpoints.GetAsync(Query, tenant: TestLedger.Tenant)).Is(200);

        Assert.False(view.GetProperty("opted_in").GetBoolean());
        var history = view.GetProperty("history").EnumerateArray().ToList();
        Assert.Equal(3, history.Count);
        Assert.False(history[0].TryGetProperty("consent_version", out _));
        Assert.Equal(0.5m, history[1].GetProperty("preferred_stake").GetProperty("amount").GetDecimal());
        Assert.Equal(2, history[2].GetProperty("consent_version").GetInt32());
        await Assert.ThrowsAsync<Npgsql.PostgresException>(() => ledger.ExecuteAsync("UPDATE player_opt_in SET consent_version = 9"));
        await Assert.ThrowsAsync<Npgsql.PostgresException>(() => ledger.ExecuteAsync("UPDATE player_standing SET standing = 'good'"));
    }

    [Theory]
    [InlineData("1.01", "EUR", "preferred_stake_out_of_band")]
    [InlineData("0.09", "EUR", "preferred_stake_out_of_band")]
    [InlineData("0.50", "USD", "currency_not_taken")]
    public async Task A_preferred_stake_must_lie_in_its_band(string stake, string currency, string reason)
    {
        await using var ledger = await TestLedger.CreateAsync(postgres);
        await ledger.CreateJackpotAsync(Side);
        await using var endpoints = await TestEndpoints.OpenAsync(ledger);
        Assert.Equal(reason, (await endpoints.PostAsync(Path, Body(stake: stake, currency: currency), tenant: TestLedger.Tenant)).Reason(422, "opt-in-refused"));
        Assert.Equal(0L, await ledger.ScalarAsync<long>("SELECT count(*) FROM player_opt_in"));
    }

    [Fact]
    public async Task Whoever_is_excluded_cannot_opt_in()
    {
        await using var ledger = await TestLedger.CreateAsync(postgres);
        await ledger.CreateJackpotAsync(Side);
        await using var endpoints = await TestEndpoints.OpenAsync(ledger);
        await endpoints.StandAsync("self_excluded");
        Assert.Equal("self_excluded", (await endpoints.PostAsync(Path, Body(version: 1), tenant: TestLedger.Tenant)).Reason(422, "opt-in-refused"));
    }

    [Theory]
    [InlineData("""{"tenant_id":"brand-43","player_id":"p","jackpot_id":"side","consent_version":2}""", 403, "tenant-mismatch")]
    [InlineData("""{"tenant_id":"brand-42","player_id":"p","jackpot_id":"side"}""", 422, "field-missing")]
    [InlineData("""{"tenant_id":"brand-42","player_id":"p","jackpot_id":"side","consent_version":0}""", 422, "field-invalid")]
    [InlineData("""{"tenant_id":"brand-42","player_id":"p","jackpot_id":"side","consent_version":"2"}""", 400, "malformed-json")]
    [InlineData("""{"tenant_id":"brand-42","jackpot_id":"side","consent_version":2}""", 422, "field-missing")]
    [InlineData("""{"tenant_id":"brand-42","player_id":"p","consent_version":2}""", 422, "field-missing")]
    [InlineData("""{"tenant_id":"brand-42","player_id":"p","jackpot_id":"nobody","consent_version":2}""", 404, "pool-unknown")]
    [InlineData("""{"tenant_id":"brand-42","player_id":"p","jackpot_id":"side","consent_version":2,"preferred_stake":{"amount":0.0000001,"currency":"EUR"}}""", 400, "malformed-json")]
    [InlineData("null", 400, "malformed-json")]
    public async Task A_bad_opt_in_is_refused(string body, int status, string type)
    {
        await using var ledger = await TestLedger.CreateAsync(postgres);
        await ledger.CreateJackpotAsync(Side);
        await using var endpoints = await TestEndpoints.OpenAsync(ledger);
        (await endpoints.PostAsync(Path, body, tenant: TestLedger.Tenant)).IsProblem(status, type);
    }

    [Fact]
    public async Task Another_replica_remembers_a_consent_until_it_hears_of_the_change()
    {
        await using var ledger = await TestLedger.CreateAsync(postgres);
        await ledger.CreateJackpotAsync(Side);
        await using var here = await TestEndpoints.OpenAsync(ledger);
        await using var there = await TestEndpoints.OpenAsync(ledger);
        (await there.SendAsync(BetBody.Json(ledger, "k", "side", SideBet))).IsProblem(422, "not-eligible");
        await here.PostAsync(Path, Body(), tenant: TestLedger.Tenant);

        // What is remembered is used until then, which shows that it is remembered at all.
        (await there.SendAsync(BetBody.Json(ledger, "k", "side", SideBet))).IsProblem(422, "not-eligible");
        await ((OptInCache)there.Services.GetService(typeof(OptInCache))!).CatchUpAsync(Ct);
        (await there.SendAsync(BetBody.Json(ledger, "k", "side", SideBet))).Is(200);
    }

    [Fact]
    public async Task A_consent_read_while_it_changed_is_not_remembered()
    {
        await using var ledger = await TestLedger.CreateAsync(postgres);
        var jackpot = await ledger.CreateJackpotAsync(Side);
        using var cache = new OptInCache(ledger.Database);
        var key = new OptInKey(TestLedger.Tenant, "player-1", jackpot.Number);

        // The row's lock makes the reader wait until the change is committed and taken in.
        await using var blocker = await ledger.Database.OpenConnectionAsync(Ct);
        await using var transaction = await blocker.BeginTransactionAsync(Ct);
        await new Npgsql.NpgsqlCommand("LOCK TABLE player_opt_in IN ACCESS EXCLUSIVE MODE", blocker).ExecuteNonQueryAsync(Ct);
        var reading = cache.FindAsync([key], Ct);
        await Eventually.TrueAsync(async () => await ledger.ScalarAsync<long>("SELECT count(*) FROM pg_locks WHERE NOT granted") > 0);
        await new Npgsql.NpgsqlCommand($"INSERT INTO player_opt_in (tenant_id, player_id, jackpot, consent_version, at) VALUES ('{TestLedger.Tenant}', 'player-1', {jackpot.Number}, 2, now())", blocker)
            .ExecuteNonQueryAsync(Ct);
        var catchingUp = cache.CatchUpAsync(Ct);
        await transaction.CommitAsync(Ct);
        await Task.WhenAll(reading, catchingUp);

        Assert.Equal(2, (await cache.FindAsync([key], Ct))[key].ConsentVersion);
    }

    static string Body(int version = 2, string? stake = null, string currency = "EUR") => $$"""
        {"tenant_id":"{{TestLedger.Tenant}}","player_id":"player-1","jackpot_id":"side","consent_version":{{version}}
         {{(stake is null ? "" : $$""","preferred_stake":{"amount":{{stake}},"currency":"{{currency}}"}""")}}}
        """;
}
