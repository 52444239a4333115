using Jackpot.Shard.Tests.Contributions;
using Jackpot.TestKit;

namespace Jackpot.Shard.Tests.Players;

public sealed class PlayerStatusTests(PostgresFixture postgres) : IClassFixture<PostgresFixture>
{
    [Fact, Trait("Rule", "R48")]
    public async Task A_player_status_is_kept_per_tenant_and_player_with_its_history()
    {
        await using var ledger = await TestLedger.CreateAsync(postgres);
        await using var endpoints = await TestEndpoints.OpenAsync(ledger);
        Assert.Equal("good", await StandingAsync("player-1"));

        foreach (var status in new[] { "self_excluded", "self_excluded", "house_account", "good", "good" })
        {
            await endpoints.StandAsync(status);
            Assert.Equal(status, await StandingAsync("player-1"));
        }

        Assert.Equal("good", await StandingAsync("player-2"));
        Assert.Equal(3L, await ledger.ScalarAsync<long>("SELECT count(*) FROM player_standing"));

        async Task<string?> StandingAsync(string player) =>
            (await endpoints.GetAsync($"/v1/players/{player}/standing", tenant: TestLedger.Tenant)).Is(200).GetProperty("standing").GetString();
    }

    [Theory]
    [InlineData("a b")]
    [InlineData("50%")]
    [InlineData("a/b")]
    [InlineData("Zoë ♣")]
    public async Task Any_player_id_has_an_endpoint(string player)
    {
        await using var ledger = await TestLedger.CreateAsync(postgres);
        await ledger.CreateJackpotAsync(TestLedger.Quiet("plain"));
        await using var endpoints = await TestEndpoints.OpenAsync(ledger);
        await endpoints.StandAsync("self_excluded", Uri.EscapeDataString(player));
        var bet = BetBody.Json(ledger, "k", "plain", ("player_id", System.Text.Json.JsonSerializer.Serialize(player)));
        Assert.Equal("self_excluded", (await endpoints.SendAsync(bet)).Reason(422, "not-eligible"));
    }

    [Theory]
    [InlineData("""{"standing":"bad"}""", 422, "field-invalid")]
    [InlineData("""{}""", 422, "field-invalid")]
    [InlineData("""{"standing":7}""", 400, "malformed-json")]
    [InlineData("", 400, "malformed-json")]
    public async Task A_bad_player_status_is_refused(string body, int status, string type)
    {
        await using var ledger = await TestLedger.CreateAsync(postgres);
        await using var endpoints = await TestEndpoints.OpenAsync(ledger);
        (await endpoints.PutAsync("/v1/players/player-1/standing", body, tenant: TestLedger.Tenant)).IsProblem(status, type);
        (await endpoints.PutAsync("/v1/players/player-1/standing", """{"standing":"good"}""")).IsProblem(401, "tenant-missing");
    }
}
