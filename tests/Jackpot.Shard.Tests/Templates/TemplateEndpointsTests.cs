using Jackpot.Contracts.Jackpots;
using Jackpot.Shard.Players;
using Jackpot.Shard.Tests.Changes;
using Jackpot.TestKit;
using static Jackpot.Shard.Tests.Changes.StaffSteps;

namespace Jackpot.Shard.Tests.Templates;

public sealed class TemplateEndpointsTests(PostgresFixture postgres) : IClassFixture<PostgresFixture>
{
    static JackpotDefinition Shape(string id = "daily") => TwoTiers(id) with
    {
        Tenants = [],
        Pools = [TwoTiers(id).Pools[0] with { PoolId = "mini" }, TwoTiers(id).Pools[1] with { PoolId = "grand" }],
    };

    static Task<EndpointAnswer> InstanceAsync(TestEndpoints endpoints, string jackpotId, string template = "daily") => endpoints.PostAsync(
        $"/v1/admin/templates/{template}/instances", $$"""{"jackpot_id":"{{jackpotId}}","name":"The {{jackpotId}}","tenants":["{{TestLedger.Tenant}}"]}""", Author);

    [Fact]
    public async Task A_jackpot_made_from_a_template_has_its_terms_and_takes_bets()
    {
        await using var ledger = await TestLedger.CreateAsync(postgres);
        await using var endpoints = await TestEndpoints.OpenAsync(ledger);
        (await endpoints.PutAsync("/v1/admin/templates/daily", Shape().ToJson(), Author)).Is(200);

        var made = (await InstanceAsync(endpoints, "monday")).Is(201);
        (await InstanceAsync(endpoints, "monday")).Is(200);

        Assert.Equal(["monday-mini", "monday-grand"], made.GetProperty("pool_ids").EnumerateArray().Select(pool => pool.GetString()));
        var definition = ledger.Directory.ByJackpot("monday")!.Definition;
        Assert.Equal(Shape() with
        {
            JackpotId = "monday", Name = "The monday", Tenants = [TestLedger.Tenant],
            Pools = [Shape().Pools[0] with { PoolId = "monday-mini" }, Shape().Pools[1] with { PoolId = "monday-grand" }],
        }, definition);
        (await endpoints.BetAsync("monday", "k1")).Is(200);
        Assert.Equal("template daily: template put, jackpot monday: founded", await ledger.ScalarAsync<string>(
            "SELECT string_agg(component || ': ' || action, ', ' ORDER BY number) FROM audit_entry"));
        await ledger.AssertBalancedAsync();
    }

    [Fact]
    public async Task A_template_changes_until_a_jackpot_was_made_from_it()
    {
        await using var ledger = await TestLedger.CreateAsync(postgres);
        await using var endpoints = await TestEndpoints.OpenAsync(ledger);
        (await endpoints.PutAsync("/v1/admin/templates/daily", Shape().ToJson(), Author)).Is(200);
        var richer = Shape().WithPool(0, pool => pool with { SeedMicros = 2_000_000 });
        (await endpoints.PutAsync("/v1/admin/templates/daily", richer.ToJson(), Author)).Is(200);
        Assert.Equal(richer, JackpotDefinition.Parse((await endpoints.GetAsync("/v1/admin/templates/daily")).Body));
        (await InstanceAsync(endpoints, "monday")).Is(201);

        (await endpoints.PutAsync("/v1/admin/templates/daily", Shape().ToJson(), Author)).IsProblem(409, "template-in-use");
        (await endpoints.PutAsync("/v1/admin/templates/daily", richer.ToJson(), Author)).Is(200);

        Assert.Equal(richer, JackpotDefinition.Parse((await endpoints.GetAsync("/v1/admin/templates/daily")).Body));
    }

    [Fact]
    [Trait("Rule", "R11")]
    public async Task A_personal_pot_belongs_to_one_player_and_tells_nobody_who_that_is()
    {
        await using var ledger = await TestLedger.CreateAsync(postgres);
        await using var endpoints = await TestEndpoints.OpenAsync(ledger);
        (await endpoints.PutAsync("/v1/admin/templates/own", Shape("own").ToJson(), Author)).Is(200);
        Task<EndpointAnswer> PotAsync(string player) => endpoints.PostAsync(
            "/v1/admin/templates/own/personal-pots", $$"""{"tenant_id":"{{TestLedger.Tenant}}","player_id":"{{player}}"}""", Author);

        var made = (await PotAsync("player-1")).Is(201).GetProperty("jackpot_id").GetString()!;
        Assert.Equal(made, (await PotAsync("player-1")).Is(200).GetProperty("jackpot_id").GetString());
        Assert.NotEqual(made, (await PotAsync("player-2")).Is(201).GetProperty("jackpot_id").GetString());

        var hash = PlayerHash.Of(TestLedger.Tenant, "player-1").ToString();
        var pot = ledger.Directory.ByJackpot(made)!.Definition;
        Assert.Equal(("own-" + hash, hash), (made, pot.Eligibility!.Owner));
        Assert.Equal([TestLedger.Tenant], pot.Tenants);
        Assert.Equal(0L, await ledger.ScalarAsync<long>("SELECT count(*) FROM audit_entry WHERE concat(component, before, after) LIKE '%player-%'"));
    }

    [Fact]
    public async Task What_does_not_fit_is_refused()
    {
        await using var ledger = await TestLedger.CreateAsync(postgres);
        await using var endpoints = await TestEndpoints.OpenAsync(ledger);
        (await InstanceAsync(endpoints, "monday")).IsProblem(404, "not-found");
        (await endpoints.PutAsync("/v1/admin/templates/daily", Shape().ToJson())).IsProblem(401, "person-missing");
        (await endpoints.PutAsync("/v1/admin/templates/other", Shape().ToJson(), Author)).IsProblem(422, "configuration-invalid");
        (await endpoints.PutAsync("/v1/admin/templates/daily", Shape().WithPool(0, pool => pool with { SeedMicros = 1 }).ToJson(), Author)).IsProblem(422, "configuration-invalid");
        (await endpoints.PutAsync("/v1/admin/templates/daily", Shape().ToJson(), Author)).Is(200);

        (await InstanceAsync(endpoints, "Monday")).IsProblem(422, "field-invalid");
        (await InstanceAsync(endpoints, new string('m', 62))).IsProblem(422, "field-invalid");
        (await endpoints.PostAsync("/v1/admin/templates/daily/instances", """{"jackpot_id":"x","name":"x","tenants":[null]}""", Author)).IsProblem(422, "configuration-invalid");
        (await endpoints.PostAsync("/v1/admin/templates/daily/instances", """{"jackpot_id":"x","name":"x"}""", Author)).IsProblem(400, "malformed-json");
        (await endpoints.PostAsync("/v1/admin/templates/daily/personal-pots", """{"tenant_id":"Brand","player_id":"p"}""", Author)).IsProblem(422, "field-invalid");
        Assert.Equal(0L, await ledger.ScalarAsync<long>("SELECT count(*) FROM jackpot"));
    }
}
