using System.Text.Json;
using Jackpot.Contracts.Exports;
using Jackpot.Contracts.Jackpots;
using Jackpot.Core.Community;
using Jackpot.Core.Verification;

namespace Jackpot.Shard.Tests.ExternalTriggers;

/// <summary>Jackpots that drop by an external trigger or a draw, and the requests of games and staff.</summary>
internal static class TriggerKit
{
    /// <summary>A pool of EUR 1000.00 that only a game drops, to whomever it names.</summary>
    public static JackpotDefinition External(string id, SimultaneousPolicy? policy = null) =>
        WithTrigger(TestLedger.Quiet(id), new ExternalTriggerDefinition(WinnersMustHaveContributed: false)) with { SimultaneousWinners = policy };

    /// <summary>As <see cref="External"/>, but only who has put something into the cycle can win: what terms mean that do not say otherwise.</summary>
    public static JackpotDefinition ForContributors(string id) => WithTrigger(TestLedger.Quiet(id), new ExternalTriggerDefinition());

    /// <summary>A raffle of EUR 1000.00 with tickets at EUR 1.00.</summary>
    public static JackpotDefinition Raffle(string id, int winners) => WithTrigger(TestLedger.Quiet(id), new RaffleTriggerDefinition(1_000_000, winners));

    public static JackpotDefinition WithTrigger(JackpotDefinition definition, TriggerDefinition trigger) =>
        definition with { Pools = [definition.Pools[0] with { Trigger = trigger }] };

    public static string Trigger(string id, string? pool, params string[] players) => JsonSerializer.Serialize(new
    {
        trigger_id = id,
        pool_id = pool,
        tenant_id = TestLedger.Tenant,
        winners = players.Select(player => new { player_id = player, game_id = "poker", round_id = "hand-1" }),
    });

    public static Task<EndpointAnswer> TriggerAsync(this TestEndpoints endpoints, string json, string path = "/v1/jp/triggers") =>
        endpoints.PostAsync(path, json, tenant: TestLedger.Tenant);

    public static Task<EndpointAnswer> DrawAsync(this TestEndpoints endpoints, string pool, string drawId, string why = "the evening's draw", string? staffUser = "anna") =>
        endpoints.PostAsync($"/v1/admin/pools/{pool}/draw", JsonSerializer.Serialize(new { draw_id = drawId, why }), staffUser);

    /// <summary>What is stored can be computed again, every dropped cycle from its export and the jackpot from its rows, and the books balance.</summary>
    public static async Task AssertSoundAsync(this TestEndpoints endpoints, TestLedger ledger, string jackpot)
    {
        foreach (var cycle in await ledger.RowsAsync("SELECT p.pool_id || '/cycles/' || a.cycle FROM award a JOIN pool p ON p.id = a.pool"))
        {
            var file = await endpoints.GetAsync($"/v1/audit/pools/{cycle}/export");
            Assert.Empty(CycleVerifier.Verify(CycleExportFile.Read(new StringReader(file.Body))));
        }

        var replay = (await endpoints.GetAsync($"/v1/audit/jackpots/{jackpot}/replay")).Body.Trim().Split('\n')[^1];
        Assert.True(JsonElement.Parse(replay).GetProperty("report").GetProperty("agrees").GetBoolean(), replay);
        await ledger.AssertBalancedAsync();
        Assert.Equal(0L, await ledger.ScalarAsync<long>("""
            SELECT count(*) FROM award a WHERE a.amount + a.house <> (SELECT sum(amount) FROM payout p WHERE p.award_id = a.award_id)
            """));
        Assert.Equal(0m, await ledger.ScalarAsync<decimal>("SELECT (SELECT sum(amount::numeric + house) FROM award) - (SELECT sum(awards) FROM journal)"));
    }
}
