using System.Globalization;
using System.Net;
using System.Text.Json;
using System.Text.RegularExpressions;
using Jackpot.Contracts.Jackpots;
using Jackpot.Contracts.Views;
using Jackpot.Core.Amounts;
using Jackpot.Core.Community;
using Jackpot.Core.Maths;
using Jackpot.Core.Pools;
using Jackpot.TestKit;

namespace Jackpot.Shard.Tests.Disclosure;

/// <summary>The rules page says what the terms say, and nothing else.</summary>
[Trait("Rule", "R36")]
public sealed partial class RulesEndpointTests(PostgresFixture postgres) : IClassFixture<PostgresFixture>
{
    const string Path = "/v1/jp/jackpots/pot/rules";

    static readonly Dictionary<string, TriggerDefinition> Triggers = new()
    {
        ["random"] = new RandomTriggerDefinition(777_000_000),
        ["must_drop_by_amount"] = new MustDropByAmountDefinition(50_000_000, 90_000_000),
        ["must_drop_by_time"] = new MustDropByTimeDefinition(new DailyDefinition("Europe/Malta", new TimeOnly(21, 30)), WhenNobodyPlays.RollsOver),
        ["external"] = new ExternalTriggerDefinition(),
        ["raffle"] = new RaffleTriggerDefinition(3_000_000, 5),
    };

    public static TheoryData<string> TriggerKinds => [.. Triggers.Keys];

    static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Theory]
    [MemberData(nameof(TriggerKinds))]
    [Trait("Rule", "R33")]
    [Trait("Rule", "R34")]
    [Trait("Rule", "R35")]
    [Trait("Rule", "R37")]
    public async Task Every_kind_of_trigger_is_told_under_every_heading_as_json_and_as_a_page(string kind)
    {
        await using var ledger = await TestLedger.CreateAsync(postgres);
        await using var endpoints = await TestEndpoints.OpenAsync(ledger);
        await ledger.CreateJackpotAsync(Pot(Triggers[kind]));

        var rules = await RulesAsync(endpoints);
        var page = await PageAsync(endpoints);

        Assert.Equal(11, rules.Sections.Count);
        Assert.All(rules.Sections, section => Assert.NotEmpty(section.Sentences));
        Assert.All(rules.Sections, section => Assert.Contains($">{section.Heading}</h2>", page, StringComparison.Ordinal));
        Assert.All(rules.Sections.SelectMany(section => section.Sentences), sentence => Assert.Contains(WebUtility.HtmlEncode(sentence).Replace("&#39;", "&#x27;", StringComparison.Ordinal), page, StringComparison.Ordinal));
    }

    [Theory]
    [MemberData(nameof(TriggerKinds))]
    public async Task Every_number_in_the_rules_is_one_of_the_terms_or_follows_from_them(string kind)
    {
        await using var ledger = await TestLedger.CreateAsync(postgres);
        await using var endpoints = await TestEndpoints.OpenAsync(ledger);
        var definition = Pot(Triggers[kind]);
        await ledger.CreateJackpotAsync(definition);

        var told = (await RulesAsync(endpoints)).Sections.SelectMany(section => section.Sentences).SelectMany(sentence => Number.Matches(sentence)).Select(match => match.Value).ToHashSet();

        Assert.True(told.Count > 5);
        Assert.Empty(told.Except(NumbersOf(definition)));
    }

    public static TheoryData<string> Changes => [.. Changed.Keys];

    static Dictionary<string, Func<JackpotDefinition, JackpotDefinition>> Changed { get; } = new()
    {
        ["rate"] = pot => Tier(pot, tier => tier with { ContributionPpm = 11_000 }),
        ["reserve"] = pot => Tier(pot, tier => tier with { ReservePpm = 3_000 }),
        ["seed"] = pot => Tier(pot, tier => tier with { SeedMicros = 41_000_000 }),
        ["ceiling"] = pot => Tier(pot, tier => tier with { CeilingMicros = 6_000_000_000 }),
        ["trigger"] = pot => Tier(pot, tier => tier with { Trigger = new RandomTriggerDefinition(778_000_000) }),
        ["community"] = pot => Tier(pot, tier => tier with { Community = [new TopOfCycleDefinition(10_000, 2)] }),
        ["funding"] = pot => pot with { Funding = FundingMode.Marketing },
        ["tiers per bet"] = pot => pot with { TiersPerBetMax = 1, Pools = [.. pot.Pools, pot.Pools[0] with { PoolId = "second" }] },
        ["games"] = pot => pot with { Eligibility = pot.Eligibility! with { Games = ["starfall"] } },
        ["opt-in"] = pot => pot with { Eligibility = pot.Eligibility! with { ConsentVersion = 2 } },
        ["bands"] = pot => pot with { Eligibility = pot.Eligibility! with { Bands = [new StakeBandDefinition("EUR", 200_000, 4_000_000)] } },
        ["event"] = pot => pot with { Eligibility = pot.Eligibility! with { From = DateTimeOffset.UnixEpoch, Until = DateTimeOffset.UnixEpoch.AddDays(1) } },
        ["links"] = pot => pot with { Links = ["other-pot"] },
    };

    [Theory]
    [MemberData(nameof(Changes))]
    public async Task Changing_the_terms_changes_the_rules_and_their_tag(string change)
    {
        await using var ledger = await TestLedger.CreateAsync(postgres);
        await using var endpoints = await TestEndpoints.OpenAsync(ledger);
        var pot = Pot(Triggers["random"]);
        await ledger.CreateJackpotAsync(pot);
        var before = await RulesAsync(endpoints);
        var tag = await TagAsync(endpoints);

        await PutInForceAsync(ledger, Changed[change](pot));
        var after = await RulesAsync(endpoints);

        Assert.Equal(2, after.TermsVersion);
        Assert.NotEqual(Sentences(before.Sections), Sentences(after.Sections));
        Assert.NotEqual(tag, await TagAsync(endpoints));
    }

    [Fact]
    public async Task What_is_approved_and_waits_is_told_apart_from_what_is_in_force()
    {
        await using var ledger = await TestLedger.CreateAsync(postgres);
        await using var endpoints = await TestEndpoints.OpenAsync(ledger);
        var pot = Pot(Triggers["random"]);
        await ledger.CreateJackpotAsync(pot);
        Assert.Null((await RulesAsync(endpoints)).Waiting);

        var approved = Tier(pot, tier => tier with { SeedMicros = 41_000_000 });
        await ledger.ExecuteAsync($"UPDATE jackpot SET approved = '{approved.ToJson()}'");
        var rules = await RulesAsync(endpoints);

        // A seed also moves what the jackpot adds to the return, where that can be told.
        Assert.All(rules.Waiting!, section => Assert.Contains(section.Topic, new[] { "seed", "return" }));
        Assert.Equal("pot-main: starts from 41.00 EUR.", Assert.Single(rules.Waiting!.Single(section => section.Topic == "seed").Sentences));
        Assert.Contains("pot-main: starts from 40.00 EUR.", rules.Sections.Single(section => section.Topic == "seed").Sentences);
        Assert.Contains("What changes next", await PageAsync(endpoints), StringComparison.Ordinal);
    }

    [Fact]
    [Trait("Rule", "R30")]
    public async Task A_paused_jackpot_says_so()
    {
        await using var ledger = await TestLedger.CreateAsync(postgres);
        await using var endpoints = await TestEndpoints.OpenAsync(ledger);
        await ledger.CreateJackpotAsync(Pot(Triggers["random"]));
        Assert.DoesNotContain("role=\"status\"", await PageAsync(endpoints), StringComparison.Ordinal);
        var tag = await TagAsync(endpoints);

        await ledger.ExecuteAsync("UPDATE jackpot_state SET status = 'paused', version = version + 1");

        Assert.Equal("paused", (await RulesAsync(endpoints)).Status);
        Assert.Contains("This jackpot is paused", await PageAsync(endpoints), StringComparison.Ordinal);
        Assert.NotEqual(tag, await TagAsync(endpoints));
    }

    [Fact]
    [Trait("Rule", "R38")]
    public async Task Who_takes_part_and_who_shares_the_prize_is_told()
    {
        await using var ledger = await TestLedger.CreateAsync(postgres);
        await using var endpoints = await TestEndpoints.OpenAsync(ledger);
        await ledger.CreateJackpotAsync(Tier(Pot(new ExternalTriggerDefinition()), tier => tier with { Community = [new AmongActiveDefinition(100_000, 50, 24)] })
            with { SimultaneousWinners = SimultaneousPolicy.EachInFull });

        var rules = Sentences((await RulesAsync(endpoints)).Sections);

        Assert.Contains("Bets from 0.10 EUR to 5.00 EUR take part.", rules, StringComparison.Ordinal);
        Assert.Contains("10.00 % of the prize is shared equally by up to 50 players", rules, StringComparison.Ordinal);
        Assert.Contains("each of them is paid the whole prize", rules, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Words_of_the_terms_cannot_become_part_of_the_page()
    {
        await using var ledger = await TestLedger.CreateAsync(postgres);
        await using var endpoints = await TestEndpoints.OpenAsync(ledger);
        await ledger.CreateJackpotAsync(Pot(Triggers["random"]) with { Name = "<script>alert('x')</script>" });

        var page = await PageAsync(endpoints);

        Assert.DoesNotContain("<script", page, StringComparison.OrdinalIgnoreCase);
        Assert.Contains("&lt;script&gt;", page, StringComparison.Ordinal);
        Assert.StartsWith("<!DOCTYPE html>\n<html lang=\"en\">", page, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Unchanged_rules_are_not_sent_twice_and_other_tenants_do_not_see_them()
    {
        await using var ledger = await TestLedger.CreateAsync(postgres);
        await using var endpoints = await TestEndpoints.OpenAsync(ledger);
        await ledger.CreateJackpotAsync(Pot(Triggers["random"]));
        using var again = Request("application/json");
        again.Headers.TryAddWithoutValidation("If-None-Match", await TagAsync(endpoints));

        using var second = await endpoints.Http.SendAsync(again, Ct);

        Assert.Equal(HttpStatusCode.NotModified, second.StatusCode);
        await ledger.CreateJackpotAsync(Pot(Triggers["random"], "foreign") with { Tenants = ["brand-43"] });
        (await endpoints.GetAsync("/v1/jp/jackpots/foreign/rules", tenant: TestLedger.Tenant)).IsProblem(404, "pool-unknown");
        (await endpoints.GetAsync("/v1/jp/jackpots/nowhere/rules", tenant: TestLedger.Tenant)).IsProblem(404, "pool-unknown");
    }

    static JackpotDefinition Pot(TriggerDefinition trigger, string id = "pot") => new(
        id, "The pot", TestLedger.Shard, "EUR", [TestLedger.Tenant], [new PoolDefinition(id + "-main", 10_000, 2_500, 40_000_000, 5_000_000_000, trigger)],
        Eligibility: new EligibilityDefinition(Bands: [new StakeBandDefinition("EUR", 100_000, 5_000_000)]));

    static JackpotDefinition Tier(JackpotDefinition pot, Func<PoolDefinition, PoolDefinition> change) => pot with { Pools = [change(pot.Pools[0])] };

    static async Task PutInForceAsync(TestLedger ledger, JackpotDefinition definition)
    {
        await ledger.ExecuteAsync($"INSERT INTO jackpot_terms (jackpot, version, definition, after_sequence) SELECT id, 2, '{definition.ToJson()}', 0 FROM jackpot");
        await ledger.ExecuteAsync("UPDATE jackpot SET config_version = 2");
    }

    static async Task<RulesView> RulesAsync(TestEndpoints endpoints) =>
        JsonSerializer.Deserialize((await endpoints.GetAsync(Path, tenant: TestLedger.Tenant)).Is(200), ViewJson.Default.RulesView)!;

    static async Task<string> PageAsync(TestEndpoints endpoints)
    {
        using var response = await endpoints.Http.SendAsync(Request("text/html,application/xhtml+xml;q=0.9,*/*;q=0.8"), Ct);
        Assert.Equal("text/html", response.Content.Headers.ContentType?.MediaType);
        return await response.Content.ReadAsStringAsync(Ct);
    }

    static async Task<string> TagAsync(TestEndpoints endpoints)
    {
        using var response = await endpoints.Http.SendAsync(Request("*/*"), Ct);
        Assert.Equal("application/json", response.Content.Headers.ContentType?.MediaType);
        return response.Headers.ETag!.ToString();
    }

    static HttpRequestMessage Request(string accept)
    {
        var request = new HttpRequestMessage(HttpMethod.Get, Path);
        request.Headers.Add("X-Tenant-Id", TestLedger.Tenant);
        request.Headers.TryAddWithoutValidation("Accept", accept);
        return request;
    }

    static string Sentences(IEnumerable<RulesSectionView> sections) => string.Join('\n', sections.SelectMany(section => section.Sentences));

    static HashSet<string> NumbersOf(JackpotDefinition definition)
    {
        var tier = definition.Pools[0];
        var terms = definition.ToConfig().Pools[0];
        string[] stated =
        [
            Percent(tier.ContributionPpm), Percent(tier.ReservePpm), AmountText.Format(tier.SeedMicros), AmountText.Format(tier.CeilingMicros!.Value),
            .. definition.Eligibility!.Bands!.SelectMany(band => new[] { AmountText.Format(band.MinMicros), AmountText.Format(band.MaxMicros) }),
            .. tier.Trigger switch
            {
                MustDropByAmountDefinition amount => [AmountText.Format(amount.MinMicros), AmountText.Format(amount.MaxMicros)],
                MustDropByTimeDefinition => ["21", "30"],
                RaffleTriggerDefinition raffle => [AmountText.Format(raffle.TicketPriceMicros), raffle.Winners.ToString(CultureInfo.InvariantCulture)],
                _ => Array.Empty<string>(),
            },
        ];
        string[] derived =
        [
            .. PoolMaths.AverageTurnoverMicros(terms) is { } turnover ? ["1", (turnover / 1_000_000).CeilingOf(1).ToString(CultureInfo.InvariantCulture)] : Array.Empty<string>(),
            .. PoolMaths.Figures(terms) is { } figures ? [AmountText.Format(figures.ReturnToPlayer.FloorOf(100_000_000))] : Array.Empty<string>(),
        ];
        return [.. stated, .. derived];
    }

    static string Percent(int ppm) => AmountText.Format(ppm * 100L);

    [GeneratedRegex(@"\d+(\.\d+)?")]
    private static partial Regex Number { get; }
}
