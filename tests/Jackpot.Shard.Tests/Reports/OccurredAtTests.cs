using Jackpot.Contracts.Jackpots;
using Jackpot.Shard.Tests.Contributions;
using Jackpot.TestKit;

namespace Jackpot.Shard.Tests.Reports;

public sealed class OccurredAtTests(PostgresFixture postgres) : IClassFixture<PostgresFixture>
{
    [Fact]
    public async Task What_shows_contributions_shows_when_they_were_made_and_when_they_came()
    {
        await using var ledger = await TestLedger.CreateAsync(postgres);
        await ledger.CreateJackpotAsync(TestLedger.Quiet("plain") with { Limits = new LimitsDefinition(StakeMicrosMax: 100_000_000) });
        await using var endpoints = await TestEndpoints.OpenAsync(ledger);
        var made = ledger.Clock.GetUtcNow().AddHours(-3);
        var bets = new[] { BetBody.Json(ledger, "k", "plain"), BetBody.Json(ledger, "held", "plain", BetBody.Bet("101")) };
        foreach (var bet in bets.Select(bet => System.Text.Json.Nodes.JsonNode.Parse(bet)!))
        {
            bet["occurred_at"] = made.ToOffset(TimeSpan.FromHours(2)).ToString("O");
            Assert.InRange((int)(await endpoints.SendAsync(bet.ToJsonString())).Status, 200, 202);
        }

        var row = (await endpoints.GetAsync("/v1/audit/reports/transactions?interval=ytd")).Is(200).GetProperty("sections")[0].GetProperty("rows")[0];
        Assert.Equal(made.UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ss.fffZ"), row.GetProperty("occurred_at").GetString());
        Assert.NotEqual(row.GetProperty("occurred_at").GetString(), row.GetProperty("at").GetString());
        var held = (await endpoints.GetAsync("/v1/admin/quarantine")).Is(200).GetProperty("quarantine")[0];
        Assert.InRange((held.GetProperty("occurred_at").GetDateTimeOffset() - made).Duration(), TimeSpan.Zero, TimeSpan.FromMilliseconds(1));
    }
}
