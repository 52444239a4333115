using System.Text.Json;
using Jackpot.Core.Community;
using Jackpot.Shard.Tests.ExternalTriggers;
using Jackpot.TestKit;

namespace Jackpot.Shard.Tests.Jackpots;

/// <summary>A win is found by whatever is known of it, by its own operator and by staff alone.</summary>
public sealed class AwardSearchTests(PostgresFixture postgres) : IClassFixture<PostgresFixture>
{
    const string Other = "brand-99";

    [Fact]
    public async Task A_win_by_a_bet_is_found_by_player_game_round_contribution_and_time_and_names_them()
    {
        await using var ledger = await TestLedger.CreateAsync(postgres);
        await ledger.CreateJackpotAsync(TestLedger.MustDrop("must"));
        await using var endpoints = await TestEndpoints.OpenAsync(ledger);
        string? won = null;
        for (var i = 0; won is null; i++)
        {
            var answer = (await endpoints.BetAsync("must", $"k{i}", "10.00")).Is(200);
            won = answer.TryGetProperty("awards", out var awards) && awards.GetArrayLength() > 0 ? $"k{i}" : null;
        }

        foreach (var query in new[] { "player=player-1", "game=game-1", $"round=round-{won}", $"contribution=c-{won}", "from=2020-01-01T00:00:00Z&to=2100-01-01T01:00:00%2B01:00", $"player=player-1&round=round-{won}" })
        {
            var award = Assert.Single(await FindAsync(endpoints, query));
            Assert.Equal(("game-1", $"round-{won}", $"c-{won}", "player-1"), (Text(award, "game_id"), Text(award, "round_id"), Text(award, "jp_contrib_id"), Text(award, "player_id")));
        }

        foreach (var query in new[] { "player=player-2", "game=game-2", "round=round-x", "contribution=c-x", "from=2100-01-01T00:00:00Z", "to=2020-01-01T00:00:00Z" })
        {
            Assert.Empty(await FindAsync(endpoints, query));
        }

        var id = Text(Assert.Single(await FindAsync(endpoints, "")), "award_id");
        Assert.Equal($"round-{won}", Text((await endpoints.GetAsync($"/v1/awards/{id}", tenant: TestLedger.Tenant)).Is(200), "round_id"));
        Assert.False((await endpoints.GetAsync("/v1/jp/jackpots/must/awards", tenant: TestLedger.Tenant)).Is(200).GetProperty("awards")[0].TryGetProperty("round_id", out _));
    }

    [Fact]
    public async Task An_operator_finds_their_own_and_staff_find_all()
    {
        await using var ledger = await TestLedger.CreateAsync(postgres);
        await ledger.CreateJackpotAsync(TriggerKit.External("ext", SimultaneousPolicy.Split));
        await using var endpoints = await TestEndpoints.OpenAsync(ledger);
        foreach (var (call, winners) in new[] { ("t1", new[] { "ann" }), ("t2", ["bob", "ann"]), ("t3", ["cleo", "dan"]) })
        {
            (await endpoints.TriggerAsync(TriggerKit.Trigger(call, "ext-main", winners))).Is(200);
        }

        // The third award, and a share of the second, are another operator's.
        await ledger.ExecuteAsync($"""
            UPDATE award SET tenant_id = '{Other}' WHERE cycle = 3;
            UPDATE payout p SET tenant_id = '{Other}' FROM award a WHERE a.award_id = p.award_id AND (a.cycle = 3 OR (a.cycle = 2 AND p.winner = 0))
            """);

        Assert.Equal([2L, 1L], (await FindAsync(endpoints, "")).Select(Cycle));
        var shared = (await FindAsync(endpoints, "player=ann"))[0];
        Assert.Equal("ann", Text(Assert.Single(shared.GetProperty("payouts").EnumerateArray()), "player_id"));
        Assert.False(shared.TryGetProperty("player_id", out _));
        Assert.Empty(await FindAsync(endpoints, "player=cleo"));
        Assert.Empty(await FindAsync(endpoints, "player=bob"));

        Assert.Equal([3L, 2L, 1L], (await FindAsync(endpoints, "", "anna")).Select(Cycle));
        Assert.Equal([3L, 2L], (await FindAsync(endpoints, $"tenant={Other}", "anna")).Select(Cycle));
        var cleos = Assert.Single(await FindAsync(endpoints, "player=cleo", "anna"));
        Assert.Equal(("cleo", "hand-1"), (Text(cleos, "player_id"), Text(cleos, "round_id")));
        (await endpoints.GetAsync("/v1/admin/awards")).Is(401);
        (await endpoints.GetAsync("/v1/awards")).Is(401);
    }

    [Fact]
    public async Task Pages_hold_every_award_once_also_where_several_fell_at_one_time()
    {
        await using var ledger = await TestLedger.CreateAsync(postgres);
        await ledger.CreateJackpotAsync(TriggerKit.External("ext"));
        await using var endpoints = await TestEndpoints.OpenAsync(ledger);
        for (var i = 0; i < 7; i++)
        {
            (await endpoints.TriggerAsync(TriggerKit.Trigger($"t{i}", "ext-main", "ann"))).Is(200);
        }

        await ledger.ExecuteAsync("UPDATE award SET awarded_at = '2026-05-01T00:00:00Z' WHERE cycle IN (3, 4, 5, 6)");
        var (seen, after) = (new List<string?>(), "");
        do
        {
            var page = (await endpoints.GetAsync($"/v1/awards?limit=2{after}", tenant: TestLedger.Tenant)).Is(200);
            seen.AddRange(page.GetProperty("awards").EnumerateArray().Select(award => Text(award, "award_id")));
            after = page.TryGetProperty("next", out var next) ? $"&after={next.GetString()}" : "";
        }
        while (after.Length > 0);

        Assert.Equal(7, seen.Count);
        Assert.Equal(7, seen.Distinct().Count());
    }

    [Theory]
    [InlineData("limit=0")]
    [InlineData("limit=201")]
    [InlineData("player=")]
    [InlineData("from=2026-01-01")]
    [InlineData("to=yesterday")]
    [InlineData("after=no-such-award")]
    public async Task What_cannot_be_looked_for_is_refused(string query)
    {
        await using var ledger = await TestLedger.CreateAsync(postgres);
        await using var endpoints = await TestEndpoints.OpenAsync(ledger);
        (await endpoints.GetAsync("/v1/awards?" + query, tenant: TestLedger.Tenant)).IsProblem(422, "field-invalid");
    }

    static async Task<List<JsonElement>> FindAsync(TestEndpoints endpoints, string query, string? staff = null) =>
        [.. (await (staff is null ? endpoints.GetAsync("/v1/awards?" + query, tenant: TestLedger.Tenant) : endpoints.GetAsync("/v1/admin/awards?" + query, staffUser: staff)))
            .Is(200).GetProperty("awards").EnumerateArray()];

    static string? Text(JsonElement json, string name) => json.TryGetProperty(name, out var value) ? value.GetString() : null;

    static long Cycle(JsonElement award) => award.GetProperty("cycle").GetInt64();
}
