using System.Text.Json;
using Jackpot.Contracts.Jackpots;
using Jackpot.Core.Pools;
using Jackpot.TestKit;
using static Jackpot.Shard.Tests.Changes.StaffSteps;

namespace Jackpot.Shard.Tests.Changes;

/// <summary>A change's life, over the endpoints that staff use.</summary>
public sealed class ChangeEndpointsTests(PostgresFixture postgres) : IClassFixture<PostgresFixture>
{
    static readonly string[] Statuses = ["draft", "proposed", "approved", "effective", "rejected", "withdrawn"];
    static readonly string[] Steps = ["propose", "approve", "reject", "withdraw"];

    static readonly Dictionary<(string Status, string Step), string> Legal = new()
    {
        [("draft", "propose")] = "proposed",
        [("draft", "withdraw")] = "withdrawn",
        [("proposed", "approve")] = "approved",
        [("proposed", "reject")] = "rejected",
        [("proposed", "withdraw")] = "withdrawn",
    };

    [Fact]
    [Trait("Rule", "R20")]
    [Trait("Rule", "R21")]
    public async Task Every_step_in_every_status_is_taken_or_refused_with_its_reason_and_then_changes_nothing()
    {
        await using var ledger = await TestLedger.CreateAsync(postgres);
        await using var endpoints = await TestEndpoints.OpenAsync(ledger);
        foreach (var status in Statuses)
        {
            foreach (var step in Steps)
            {
                var id = await InStatusAsync(ledger, endpoints, $"{status}-{step}", status);
                var before = await ledger.EveryRowAsync();

                var answer = await endpoints.StepAsync(id, step, step is "approve" or "reject" ? Other : Author);

                if (Legal.TryGetValue((status, step), out var next))
                {
                    Assert.Equal(next, answer.Is(200).StatusWord());
                }
                else
                {
                    Assert.StartsWith($"change {id} is {status}", answer.IsProblem(409, "not-in-this-state"), StringComparison.Ordinal);
                    Assert.Equal(before, await ledger.EveryRowAsync());
                }
            }
        }
    }

    static async Task<long> InStatusAsync(TestLedger ledger, TestEndpoints endpoints, string jackpotId, string status)
    {
        var terms = TwoTiers(jackpotId);
        await ledger.CreateJackpotAsync(terms);
        var (waits, atOnce) = (terms.WithPool(0, pool => pool with { ContributionPpm = 200_000 }), terms with { Name = "Renamed" });
        var id = await endpoints.DraftedAsync(status == "effective" ? atOnce : waits);
        (string Step, string StaffUser)[] way = status switch
        {
            "draft" => [],
            "proposed" => [("propose", Author)],
            "approved" or "effective" => [("propose", Author), ("approve", Other)],
            "rejected" => [("propose", Author), ("reject", Other)],
            _ => [("withdraw", Author)],
        };
        foreach (var (step, staffUser) in way)
        {
            (await endpoints.StepAsync(id, step, staffUser)).Is(200);
        }

        Assert.Equal(status, (await endpoints.GetAsync($"/v1/admin/changes/{id}")).Is(200).StatusWord());
        return id;
    }

    [Fact]
    public async Task A_draft_is_found_at_its_address_and_in_the_list_with_what_it_changes()
    {
        await using var ledger = await TestLedger.CreateAsync(postgres);
        await using var endpoints = await TestEndpoints.OpenAsync(ledger);
        var terms = TwoTiers("pot");
        await ledger.CreateJackpotAsync(terms);

        var draft = await endpoints.DraftAsync(terms.WithPool(0, pool => pool with { SeedMicros = 2_000_000 }) with { Name = "Better" });

        var change = (await endpoints.GetAsync(draft.Location!.ToString())).Is(200);
        Assert.Equal(("draft", Author, "campaign", 1), (
            draft.Is(201).StatusWord(), change.GetProperty("author").GetString(), change.GetProperty("why").GetString(), change.GetProperty("before_version").GetInt32()));
        Assert.Equal(["name", "pools.pot-fast.seed"], change.GetProperty("fields").EnumerateArray().Select(field => field.GetProperty("field").GetString()));
        var (name, seed) = (change.Field("name"), change.Field("pools.pot-fast.seed"));
        Assert.Equal(("Test pot", "Better", false), (name.GetProperty("before").GetString(), name.GetProperty("after").GetString(), name.GetProperty("in_force").GetBoolean()));
        Assert.False(name.TryGetProperty("waits_for_pool", out _));
        Assert.Equal(("pot-fast", 2), (seed.GetProperty("waits_for_pool").GetString(), seed.GetProperty("waits_for_cycle").GetInt64()));
        var list = (await endpoints.GetAsync("/v1/admin/jackpots/pot/changes")).Is(200).GetProperty("changes");
        Assert.Equal(change.ToString(), Assert.Single(list.EnumerateArray()).ToString());
    }

    [Theory]
    [InlineData("approve", Author, 403, "same-person")]
    [InlineData("approve", "ANNA", 400, "person-invalid")]
    [InlineData("approve", "an na", 400, "person-invalid")]
    [InlineData("approve", "\u0430nna", 400, "person-invalid")]
    [InlineData("approve", "anna\u200b", 400, "person-invalid")]
    [InlineData("reject", "anna.", 400, "person-invalid")]
    [InlineData("reject", Author, 403, "same-person")]
    [InlineData("withdraw", Other, 403, "not-the-author")]
    [InlineData("approve", null, 401, "person-missing")]
    [Trait("Rule", "R20")]
    public async Task Who_may_not_decide_is_refused(string step, string? staffUser, int status, string type)
    {
        await using var ledger = await TestLedger.CreateAsync(postgres);
        await using var endpoints = await TestEndpoints.OpenAsync(ledger);
        await ledger.CreateJackpotAsync(TwoTiers("pot"));
        var id = await endpoints.ProposedAsync(TwoTiers("pot") with { Name = "Better" });
        var before = await ledger.EveryRowAsync();

        (await endpoints.PostAsync($"/v1/admin/changes/{id}/{step}", null, staffUser)).IsProblem(status, type);

        Assert.Equal(before, await ledger.EveryRowAsync());
    }

    [Fact]
    [Trait("Rule", "R09")]
    public async Task A_proposal_names_every_fault_at_once()
    {
        await using var ledger = await TestLedger.CreateAsync(postgres);
        await using var endpoints = await TestEndpoints.OpenAsync(ledger);
        await ledger.CreateJackpotAsync(TwoTiers("pot"));
        var faulty = TwoTiers("pot").WithPool(0, pool => pool with { SeedMicros = 1 }).WithPool(1, pool => pool with { CeilingMicros = 5 }) with { Tenants = [] };
        var unaffordable = TwoTiers("pot").WithPool(0, pool => pool with { SeedFunding = SeedFunding.SelfFunded, ReservePpm = 1 });

        var many = (await endpoints.StepAsync(await endpoints.DraftedAsync(faulty), "propose", Author)).IsProblem(422, "configuration-invalid");
        var reserve = (await endpoints.StepAsync(await endpoints.DraftedAsync(unaffordable), "propose", Author)).IsProblem(422, "configuration-invalid");

        Assert.Contains("seed", many, StringComparison.Ordinal);
        Assert.Contains("ceiling", many, StringComparison.Ordinal);
        Assert.Contains("'tenants'", many, StringComparison.Ordinal);
        Assert.Contains("seeds cost at least", reserve, StringComparison.Ordinal);
    }

    public static TheoryData<string, Func<JackpotDefinition, JackpotDefinition>> Fixed() => new()
    {
        { "jackpot_id", terms => terms with { JackpotId = "other" } },
        { "shard", terms => terms with { Shard = "eu-mt-2" } },
        { "currency", terms => terms with { Currency = "USD" } },
        { "funding", terms => terms with { Funding = FundingMode.Marketing } },
        { "tiers_per_bet_max", terms => terms with { TiersPerBetMax = 1 } },
        { "the pools", terms => terms with { Pools = [terms.Pools[1], terms.Pools[0]] } },
        { "the pools", terms => terms with { Pools = [terms.Pools[0]] } },
    };

    [Theory]
    [MemberData(nameof(Fixed), DisableDiscoveryEnumeration = true)]
    [Trait("Rule", "R13")]
    public async Task What_makes_it_this_jackpot_cannot_change(string named, Func<JackpotDefinition, JackpotDefinition> change)
    {
        await using var ledger = await TestLedger.CreateAsync(postgres);
        await using var endpoints = await TestEndpoints.OpenAsync(ledger);
        await ledger.CreateJackpotAsync(TwoTiers("pot"));
        var draft = (await endpoints.DraftAsync(change(TwoTiers("pot")), of: "pot")).Is(201).GetProperty("change_id").GetInt64();

        var detail = (await endpoints.StepAsync(draft, "propose", Author)).IsProblem(422, "not-changeable");

        Assert.StartsWith(named, detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_changes_nothing_is_not_proposed()
    {
        await using var ledger = await TestLedger.CreateAsync(postgres);
        await using var endpoints = await TestEndpoints.OpenAsync(ledger);
        await ledger.CreateJackpotAsync(TwoTiers("pot"));

        (await endpoints.StepAsync(await endpoints.DraftedAsync(TwoTiers("pot")), "propose", Author)).IsProblem(422, "nothing-changed");
    }

    [Fact]
    public async Task Who_may_take_part_is_a_change_of_its_own_and_holds_at_once()
    {
        await using var ledger = await TestLedger.CreateAsync(postgres);
        await using var endpoints = await TestEndpoints.OpenAsync(ledger);
        await ledger.CreateJackpotAsync(TwoTiers("pot"));

        var change = await endpoints.AgreedAsync(TwoTiers("pot") with { Eligibility = new EligibilityDefinition(Games: ["game-1"]) });

        Assert.Equal("effective", change.StatusWord());
        Assert.Equal(["game-1"], ledger.Directory.ByJackpot("pot")!.Definition.Eligibility!.Games);
    }

    [Fact]
    public async Task A_change_written_for_other_terms_is_told_what_has_changed_since()
    {
        await using var ledger = await TestLedger.CreateAsync(postgres);
        await using var endpoints = await TestEndpoints.OpenAsync(ledger);
        await ledger.CreateJackpotAsync(TwoTiers("pot"));
        var draft = await endpoints.DraftedAsync(TwoTiers("pot") with { Name = "Mine" });
        var proposed = await endpoints.ProposedAsync(TwoTiers("pot") with { Name = "Also mine" });
        await endpoints.AgreedAsync(TwoTiers("pot") with { Name = "Theirs" });
        var before = await ledger.EveryRowAsync();

        var propose = (await endpoints.StepAsync(draft, "propose", Author)).IsProblem(409, "change-stale");
        var approve = (await endpoints.StepAsync(proposed, "approve", Other)).IsProblem(409, "change-stale");

        Assert.Contains("name \"Test pot\" -> \"Theirs\"", propose, StringComparison.Ordinal);
        Assert.Contains("version 2", approve, StringComparison.Ordinal);
        Assert.Equal(before, await ledger.EveryRowAsync());
    }

    [Fact]
    public async Task Only_one_approved_change_of_a_jackpot_waits()
    {
        await using var ledger = await TestLedger.CreateAsync(postgres);
        await using var endpoints = await TestEndpoints.OpenAsync(ledger);
        await ledger.CreateJackpotAsync(TwoTiers("pot"));
        await ledger.CreateJackpotAsync(TwoTiers("other"));
        var second = await endpoints.ProposedAsync(TwoTiers("pot").WithPool(1, pool => pool with { ReservePpm = 1 }));
        await endpoints.AgreedAsync(TwoTiers("pot").WithPool(0, pool => pool with { ReservePpm = 1 }));

        (await endpoints.StepAsync(second, "approve", Other)).IsProblem(409, "change-waits");
        Assert.Equal("approved", (await endpoints.AgreedAsync(TwoTiers("other").WithPool(0, pool => pool with { ReservePpm = 1 }))).StatusWord());
    }

    [Fact]
    [Trait("Rule", "R30")]
    public async Task Nothing_is_approved_while_a_jackpot_is_paused()
    {
        await using var ledger = await TestLedger.CreateAsync(postgres);
        await using var endpoints = await TestEndpoints.OpenAsync(ledger);
        await ledger.CreateJackpotAsync(TwoTiers("pot"));
        var id = await endpoints.ProposedAsync(TwoTiers("pot") with { Name = "Better" });
        (await endpoints.StatusAsync("pot", "pause")).Is(204);

        (await endpoints.StepAsync(id, "approve", Other)).IsProblem(409, "jackpot-paused");
        (await endpoints.StatusAsync("pot", "resume")).Is(204);
        Assert.Equal("effective", (await endpoints.StepAsync(id, "approve", Other)).Is(200).StatusWord());
    }

    [Fact]
    [Trait("Rule", "R22")]
    [Trait("Rule", "R23")]
    public async Task The_audit_log_tells_who_wanted_and_who_allowed_it_and_both_values()
    {
        await using var ledger = await TestLedger.CreateAsync(postgres);
        await using var endpoints = await TestEndpoints.OpenAsync(ledger);
        var (before, after) = (TwoTiers("pot"), TwoTiers("pot") with { Name = "Better" });
        await ledger.CreateJackpotAsync(before);
        var id = await endpoints.ProposedAsync(after);
        (await endpoints.StepAsync(id, "approve", Other, "fine with legal")).Is(200);

        var log = (await endpoints.GetAsync("/v1/audit/log?after=1")).Body.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonElement.Parse(line)).ToList();

        Assert.Equal(
            [$"change {id} drafted", $"change {id} proposed", $"change {id} approved", $"change {id}: terms 2 in force after sequence 0"],
            log.Select(entry => entry.GetProperty("action").GetString()));
        Assert.All(log, entry => Assert.Equal(
            ("jackpot pot", Author, before.ToJson(), after.ToJson()),
            (Text(entry, "component"), Text(entry, "person"), Text(entry, "before"), Text(entry, "after"))));
        Assert.Equal(["", "", Other, Other], log.Select(entry => Text(entry, "authorised_by")));
        Assert.Equal(["campaign", "campaign", "fine with legal", "campaign"], log.Select(entry => Text(entry, "why")));

        static string Text(JsonElement entry, string field) => entry.GetProperty(field).GetString()!;
    }

    [Theory]
    [InlineData("", 400, "malformed-json")]
    [InlineData("[]", 400, "malformed-json")]
    [InlineData("""{"why":"x"}""", 400, "malformed-json")]
    [InlineData("""{"after":null,"why":"x"}""", 422, "configuration-invalid")]
    [InlineData("""{"after":{"jackpot_id":"pot"},"why":"x"}""", 422, "configuration-invalid")]
    [InlineData("""{"after":{"jackpot_id":"pot","name":"x","shard":"s","currency":"EUR","tenants":null,"pools":[]},"why":"x"}""", 422, "configuration-invalid")]
    [InlineData("""{"after":{"jackpot_id":"pot","name":"x","shard":"s","currency":"EUR","tenants":[],"pools":[null]},"why":"x"}""", 422, "configuration-invalid")]
    [InlineData("""{"after":{"jackpot_id":"P!","name":"x","shard":"s","currency":"EUR","tenants":[],"pools":[]},"why":"x"}""", 422, "configuration-invalid")]
    [InlineData("""{"after":{"jackpot_id":"pot","name":"x","shard":"s","currency":"EUR","tenants":[],"pools":[]}}""", 422, "field-missing")]
    [InlineData("""{"after":{"jackpot_id":"pot","name":"x","shard":"s","currency":"EUR","tenants":[],"pools":[]},"why":"  "}""", 422, "field-missing")]
    public async Task What_cannot_be_read_is_no_draft(string body, int status, string type)
    {
        await using var ledger = await TestLedger.CreateAsync(postgres);
        await using var endpoints = await TestEndpoints.OpenAsync(ledger);
        await ledger.CreateJackpotAsync(TwoTiers("pot"));

        (await endpoints.PostAsync("/v1/admin/jackpots/pot/changes", body, Author)).IsProblem(status, type);

        Assert.Equal(0L, await ledger.ScalarAsync<long>("SELECT count(*) FROM config_change"));
    }

    [Fact]
    public async Task What_is_not_there_is_not_found()
    {
        await using var ledger = await TestLedger.CreateAsync(postgres);
        await using var endpoints = await TestEndpoints.OpenAsync(ledger);

        (await endpoints.DraftAsync(TwoTiers("pot"))).IsProblem(404, "not-found");
        (await endpoints.GetAsync("/v1/admin/changes/7")).IsProblem(404, "not-found");
        (await endpoints.GetAsync("/v1/admin/jackpots/pot/changes")).IsProblem(404, "not-found");
        (await endpoints.StepAsync(7, "approve", Other)).IsProblem(404, "not-found");
        (await endpoints.StatusAsync("pot", "pause")).IsProblem(404, "not-found");
    }
}
