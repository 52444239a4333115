using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Jackpot.Contracts.Jackpots;
using Jackpot.Ledger.Contributions;
using Jackpot.Ledger.Jackpots;
using Jackpot.Regulator.Reports;
using Jackpot.Shard.Reports;
using Jackpot.TestKit;
using Microsoft.Extensions.Time.Testing;

namespace Jackpot.Shard.Tests.Reports;

/// <summary>Reports over the endpoints, on what was played.</summary>
public sealed class ReportEndpointTests(PostgresFixture postgres) : IClassFixture<PostgresFixture>
{
    const string Other = "brand-43";

    static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    [Trait("Rule", "R49")]
    public async Task Large_awards_name_player_place_time_amount_and_who_confirmed()
    {
        await using var world = await World.PlayedAsync(postgres);
        var award = world.Rows(await world.ReportAsync("large-awards?threshold=5.00"))[0];

        Assert.Equal(("pot", "pot-main", "brand-42", "player-1", "game-1", "round-1", "requested"),
            (Text(award, "jackpot_id"), Text(award, "pool_id"), Text(award, "tenant_id"), Text(award, "player_id"), Text(award, "game_id"), Text(award, "round_id"), Text(award, "payout_state")));
        Assert.InRange(Amount(award, "payoff"), 10m, 12m);
        Assert.Equal(world.Today, Text(award, "triggered_at")[..10]);
        Assert.Equal(JsonValueKind.Null, award.GetProperty("confirmed_by").ValueKind);
        Assert.Empty(world.Rows(await world.ReportAsync("large-awards?threshold=12.01")));

        await world.Ledger.ExecuteAsync("UPDATE payout SET state = 'credited'");
        Assert.Equal("automatic", Text(world.Rows(await world.ReportAsync("large-awards"))[0], "confirmed_by"));
        await world.Ledger.ExecuteAsync("""
            INSERT INTO audit_entry SELECT max(number) + 1, 0, (SELECT 'payout ' || min(payout_id) FROM payout), 'released', 'ann', 'bob', '', '', '',
                   decode(repeat('00', 32), 'hex'), decode(repeat('00', 32), 'hex') FROM audit_entry
            """);
        Assert.Equal("ann", Text(world.Rows(await world.ReportAsync("large-awards"))[0], "confirmed_by"));
    }

    [Fact]
    [Trait("Rule", "R51")]
    public async Task Balancing_of_a_past_day_is_what_it_was_and_chains_into_the_next()
    {
        await using var world = await World.PlayedAsync(postgres);
        var (today, tomorrow) = (world.Today, world.Clock.GetUtcNow().AddDays(1).ToString("yyyy-MM-dd", System.Globalization.CultureInfo.InvariantCulture));
        world.Clock.Advance(TimeSpan.FromDays(1));
        await world.PlayAsync("later", 10);

        var first = Assert.Single(world.Rows(await world.ReportAsync($"balancing?interval=day&to={today}")));
        var second = Assert.Single(world.Rows(await world.ReportAsync($"balancing?interval=day&to={tomorrow}")));

        Assert.Equal(0m, Amount(first, "opening"));
        Assert.Equal(15m, Amount(first, "contributions"));
        Assert.Equal(0m, Amount(first, "difference") + Amount(second, "difference"));
        Assert.Equal(Amount(first, "closing"), Amount(second, "opening"));
        Assert.Equal(1.25m, Amount(second, "contributions"));
        await world.Ledger.ExecuteAsync("UPDATE pool_state SET overflow = overflow + 1");
        Assert.Equal(0.000001m, Amount(world.Rows(await world.ReportAsync("balancing"))[0], "difference"));
    }

    [Fact]
    [Trait("Rule", "R55")]
    [Trait("Rule", "R56")]
    public async Task Liability_tells_player_money_from_seed_reserve_overflow_and_unpaid_awards()
    {
        await using var world = await World.PlayedAsync(postgres);
        var row = world.Rows(await world.ReportAsync("liability"))[0];
        var held = await world.Ledger.ScalarAsync<long>("SELECT increment FROM pool_state") / 1_000_000m;
        var won = await world.Ledger.ScalarAsync<long>("SELECT sum(amount)::bigint FROM payout") / 1_000_000m;

        Assert.Equal((held, 1m, won), (Amount(row, "player_funded"), Amount(row, "seed"), Amount(row, "awards_unpaid")));
        Assert.Equal(Amount(row, "player_funded") + Amount(row, "seed") + Amount(row, "reserve") + Amount(row, "overflow") + won, Amount(row, "total"));

        await world.Ledger.ExecuteAsync("UPDATE payout SET state = 'credited'");
        Assert.Equal(0m, Amount(world.Rows(await world.ReportAsync("liability"))[0], "awards_unpaid"));
    }

    [Fact]
    [Trait("Rule", "R57")]
    public async Task Each_operator_bears_its_share_of_an_award_to_the_micro_unit()
    {
        await using var world = await World.PlayedAsync(postgres, (i => i % 3 == 0 ? Other : TestLedger.Tenant));
        var report = await world.ReportAsync("settlement");
        var shares = world.Rows(report);
        var totals = world.Rows(report, 1);

        Assert.Equal(2, shares.Count);
        Assert.Equal(Amount(shares[0], "paid"), shares.Sum(row => Amount(row, "share")));
        Assert.Equal(shares.Sum(row => Amount(row, "contributed")) / shares[0].GetProperty("paid").GetDecimal(), Amount(shares[0], "contributed") / Amount(shares[0], "share"), 3);
        Assert.Equal(0m, totals.Sum(row => Amount(row, "to_settle")));
        Assert.Equal(Other, Text(Assert.Single(world.Rows(await world.ReportAsync($"settlement?tenant={Other}"))), "tenant_id"));
        Assert.Equal(Amount(shares[1], "share"), Amount(world.Rows(await world.ReportAsync($"settlement?tenant={Other}"))[0], "share"));
    }

    [Fact]
    [Trait("Rule", "R22")]
    [Trait("Rule", "R52")]
    public async Task Parameter_changes_tell_terms_and_log_with_before_and_after()
    {
        await using var world = await World.PlayedAsync(postgres);
        var report = await world.ReportAsync("parameter-changes?jackpot=pot");

        var terms = Assert.Single(world.Rows(report));
        Assert.Equal(1, terms.GetProperty("version").GetInt32());
        Assert.Contains("\"seed\"", Text(terms, "after"), StringComparison.Ordinal);
        Assert.Contains(world.Rows(report, 1), row => Text(row, "component") == "jackpot pot");
    }

    [Fact]
    [Trait("Rule", "R02")]
    [Trait("Rule", "R52")]
    public async Task Activity_has_every_meter_and_each_wins_time_and_place_and_no_player()
    {
        await using var world = await World.PlayedAsync(postgres);
        var report = await world.ReportAsync("activity");
        var meters = Assert.Single(world.Rows(report));
        var win = Assert.Single(world.Rows(report, 1));

        Assert.Equal((120, 120, 1, 1), (meters.GetProperty("in_meter").GetInt32(), meters.GetProperty("in_meter_ltd").GetInt32(), meters.GetProperty("hits").GetInt32(), meters.GetProperty("hits_ltd").GetInt32()));
        Assert.Equal(await world.Ledger.ScalarAsync<long>("SELECT increment + seed FROM pool_state") / 1_000_000m, Amount(meters, "display"));
        Assert.Equal(await world.Ledger.ScalarAsync<long>("SELECT reserve FROM pool_state") / 1_000_000m, Amount(meters, "reserve"));
        Assert.Equal(Amount(meters, "wins"), Amount(win, "amount"));
        Assert.Equal(("brand-42", "game-1", "round-1"), (Text(win, "tenant_id"), Text(win, "game_id"), Text(win, "round_id")));
        Assert.DoesNotContain("player-1", report.Body, StringComparison.Ordinal);
    }

    [Fact]
    [Trait("Rule", "R28")]
    public async Task Every_day_has_the_amount_that_was_shown_when_it_closed_also_a_day_without_bets()
    {
        await using var world = await World.PlayedAsync(postgres);
        var first = await world.Ledger.ScalarAsync<long>("SELECT increment + seed FROM pool_state") / 1_000_000m;
        var from = world.Today;
        world.Clock.Advance(TimeSpan.FromDays(2));
        await world.PlayAsync("later", 10);

        var days = world.Rows(await world.ReportAsync($"daily-amounts?from={from}"));

        Assert.Equal([first, first, first + 1m], days.Select(day => Amount(day, "displayed")));
    }

    [Fact]
    [Trait("Rule", "R59")]
    public async Task Transactions_have_every_contribution_and_award_and_a_page_goes_on_where_the_last_one_ended()
    {
        await using var world = await World.PlayedAsync(postgres);
        var all = world.Rows(await world.ReportAsync("transactions?jackpot=pot"));
        Assert.Equal((120, 1), (all.Count(row => Text(row, "kind") == "contribution"), all.Count(row => Text(row, "kind") == "award")));
        Assert.Equal(15m, all.Where(row => Text(row, "kind") == "contribution").Sum(row => Amount(row, "contribution")));

        var rest = world.Rows(await world.ReportAsync($"transactions?jackpot=pot&after={world.Pot.Number}.100"));

        Assert.Equal(Enumerable.Range(101, 20), rest.Where(row => Text(row, "kind") == "contribution").Select(row => row.GetProperty("sequence").GetInt32()));
        (await world.Endpoints.GetAsync("/v1/audit/reports/transactions?after=page-two")).IsProblem(422, "field-invalid");
        Assert.Empty(world.Rows(await world.ReportAsync($"transactions?tenant={Other}")));
    }

    [Fact]
    [Trait("Rule", "R58")]
    public async Task A_player_statement_shows_the_wins_of_a_year_of_one_player_of_one_operator()
    {
        await using var world = await World.PlayedAsync(postgres);
        world.Clock.Advance(TimeSpan.FromDays(365));

        Assert.Single(world.Rows(await world.ReportAsync("player-statement?tenant=brand-42&player=player-1")));
        Assert.Empty(world.Rows(await world.ReportAsync("player-statement?tenant=brand-42&player=player-2")));
        Assert.Empty(world.Rows(await world.ReportAsync($"player-statement?tenant={Other}&player=player-1")));
        (await world.Endpoints.GetAsync("/v1/audit/reports/player-statement?tenant=brand-42")).IsProblem(422, "field-missing");
    }

    [Fact]
    [Trait("Rule", "R53")]
    public async Task Every_report_begins_with_operator_title_interval_and_time_and_says_so_when_nothing_happened()
    {
        await using var world = await World.EmptyAsync(postgres);
        foreach (var name in ReportCatalog.All.Keys)
        {
            var query = $"{name}?interval=day&tenant=brand-42&player=nobody";
            var json = (await world.ReportAsync(query)).Json;
            Assert.Equal(("brand-42", "eu-mt-1", world.Today), (json.GetProperty("operator").GetString(), json.GetProperty("shard").GetString(), json.GetProperty("interval").GetProperty("to").GetString()));
            Assert.NotEmpty(json.GetProperty("title").GetString()!);
            Assert.Equal(world.Clock.GetUtcNow().UtcDateTime, json.GetProperty("generated_at").GetDateTime(), TimeSpan.FromSeconds(1));
            Assert.All(json.GetProperty("sections").EnumerateArray(), section => Assert.Equal("No activity", section.GetProperty("note").GetString()));

            var csv = (await world.ReportAsync(query + "&format=csv")).Body.Split("\r\n");
            Assert.StartsWith("Report,", csv[0], StringComparison.Ordinal);
            Assert.Equal("Operator,brand-42", csv[1]);
            Assert.Equal($"Interval,day,{world.Today},{world.Today}", csv[3]);
            Assert.Contains("No activity", csv);
        }
    }

    [Theory]
    [Trait("Rule", "R53")]
    [InlineData("=cmd|'/c calc'!A1", "'=cmd|'/c calc'!A1")]
    [InlineData("+1", "'+1")]
    [InlineData("a,\"b\"", "\"a,\"\"b\"\"\"")]
    public async Task Words_of_players_are_quoted_and_never_a_formula(string player, string written)
    {
        await using var world = await World.EmptyAsync(postgres);
        await world.CreateJackpotAsync();
        await world.PlayAsync("k", 120, player: player);

        var csv = (await world.ReportAsync("large-awards?format=csv")).Body;

        Assert.Contains($",brand-42,{written},game-1,", csv, StringComparison.Ordinal);
    }

    [Fact]
    [Trait("Rule", "R54")]
    public async Task Every_version_is_kept_with_the_hash_that_it_was_answered_with()
    {
        await using var world = await World.PlayedAsync(postgres);
        using var first = await world.Endpoints.Http.GetAsync("/v1/audit/reports/activity?format=csv", Ct);
        var content = await first.Content.ReadAsByteArrayAsync(Ct);
        world.Clock.Advance(TimeSpan.FromSeconds(1));
        await world.ReportAsync("activity");

        var hash = first.Headers.GetValues(ReportEndpoints.HashHeader).Single();
        var id = first.Headers.GetValues(ReportEndpoints.IdHeader).Single();
        Assert.Equal(Convert.ToHexStringLower(SHA256.HashData(content)), hash);
        var versions = (await world.Endpoints.GetAsync("/v1/audit/reports?name=activity")).Is(200).GetProperty("versions");
        Assert.Equal(2, versions.GetArrayLength());
        Assert.Equal(hash, versions[1].GetProperty("sha256").GetString());
        Assert.Equal(Encoding.UTF8.GetString(content), (await world.Endpoints.GetAsync($"/v1/audit/reports/versions/{id}")).Body);
        (await world.Endpoints.GetAsync("/v1/audit/reports/versions/4711")).IsProblem(404, "not-found");

        // A version goes when its time is over.
        world.Clock.Advance(ReportStore.KeptFor + TimeSpan.FromDays(1));
        await world.ReportAsync("activity");
        (await world.Endpoints.GetAsync($"/v1/audit/reports/versions/{id}")).IsProblem(404, "not-found");
    }

    [Fact]
    public async Task Reports_are_the_same_before_and_after_the_books_were_balanced()
    {
        await using var world = await World.PlayedAsync(postgres);
        var before = await Task.WhenAll(ReportCatalog.All.Keys.Select(name => world.ReportAsync(name + "?tenant=brand-42&player=player-1")));

        Assert.Equal(1, await world.RunBalancingAsync());
        var after = await Task.WhenAll(ReportCatalog.All.Keys.Select(name => world.ReportAsync(name + "?tenant=brand-42&player=player-1")));

        Assert.Equal(before.Select(Sections), after.Select(Sections));

        static string Sections(EndpointAnswer answer) => answer.Json.GetProperty("sections").GetRawText();
    }

    [Theory]
    [InlineData("no-such-report", 404, "not-found")]
    [InlineData("activity?interval=week", 422, "field-invalid")]
    [InlineData("activity?from=yesterday", 422, "field-invalid")]
    [InlineData("activity?from=2026-02-02&to=2026-02-01", 422, "field-invalid")]
    [InlineData("activity?format=xls", 422, "field-invalid")]
    [InlineData("activity?tennant=brand-42", 422, "field-invalid")]
    [InlineData("large-awards?threshold=much", 422, "field-invalid")]
    public async Task What_cannot_be_read_is_refused(string query, int status, string type)
    {
        await using var world = await World.EmptyAsync(postgres);
        (await world.Endpoints.GetAsync("/v1/audit/reports/" + query)).IsProblem(status, type);
    }

    static string Text(JsonElement row, string name) => row.GetProperty(name).GetString()!;

    static decimal Amount(JsonElement row, string name) => row.GetProperty(name).GetDecimal();

    /// <summary>A jackpot of EUR 10 to 12 that was played once through: 120 bets of EUR 1.00 at 10 % and 2.5 %.</summary>
    sealed class World : IAsyncDisposable
    {
        public required TestLedger Ledger { get; init; }

        public required TestEndpoints Endpoints { get; init; }

        public required FakeTimeProvider Clock { get; init; }

        public JackpotEntry Pot { get; private set; } = null!;

        public string Today => Clock.GetUtcNow().ToString("yyyy-MM-dd", System.Globalization.CultureInfo.InvariantCulture);

        public static async Task<World> EmptyAsync(PostgresFixture postgres)
        {
            // At noon, so that a test does not run across the end of a day.
            var clock = new FakeTimeProvider(new DateTimeOffset(DateTimeOffset.UtcNow.Date, TimeSpan.Zero).AddHours(12));
            var ledger = await TestLedger.CreateAsync(postgres, clock);
            return new World { Ledger = ledger, Endpoints = await TestEndpoints.OpenAsync(ledger), Clock = clock };
        }

        public static async Task<World> PlayedAsync(PostgresFixture postgres, Func<int, string>? tenant = null)
        {
            var world = await EmptyAsync(postgres);
            await world.CreateJackpotAsync();
            await world.PlayAsync("k", 120, tenant);
            return world;
        }

        public async Task CreateJackpotAsync() => Pot = await Ledger.CreateJackpotAsync(TestLedger.MustDrop("pot") with { Tenants = [TestLedger.Tenant, Other] });

        public async Task PlayAsync(string key, int bets, Func<int, string>? tenant = null, string player = "player-1")
        {
            var items = Enumerable.Range(0, bets).Select(i => Item(i, key, tenant?.Invoke(i) ?? TestLedger.Tenant, player));
            Assert.All(await Ledger.NewWriter().RecordAsync([.. items], Ct), answer => Assert.Equal(RecordedKind.Accepted, answer.Kind));
        }

        AcceptedContribution Item(int i, string key, string tenant, string player) => Ledger.Item(Pot, $"{key}-{i}", player: player) with { TenantId = tenant };

        public async Task<EndpointAnswer> ReportAsync(string query)
        {
            var answer = await Endpoints.GetAsync("/v1/audit/reports/" + query);
            Assert.True((int)answer.Status == 200, answer.Body);
            return answer;
        }

        public List<JsonElement> Rows(EndpointAnswer report, int section = 0) => [.. report.Json.GetProperty("sections")[section].GetProperty("rows").EnumerateArray()];

        public async Task<int> RunBalancingAsync() =>
            (await ((Shard.Balancing.BalancingRun)Endpoints.Services.GetService(typeof(Shard.Balancing.BalancingRun))!).RunAsync(Ct))!.Jackpots;

        public async ValueTask DisposeAsync()
        {
            await Endpoints.DisposeAsync();
            await Ledger.DisposeAsync();
        }
    }
}
