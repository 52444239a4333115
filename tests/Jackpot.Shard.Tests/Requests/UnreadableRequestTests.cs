using System.Net;
using System.Text;
using Jackpot.Shard.Tests.Contributions;
using Jackpot.TestKit;
using Jackpot.TestKit.Fuzzing;

namespace Jackpot.Shard.Tests.Requests;

/// <summary>Faults that were found, each with the answer that is right.</summary>
public sealed class UnreadableRequestTests(PostgresFixture postgres) : IClassFixture<PostgresFixture>
{
    static CancellationToken Ct => TestContext.Current.CancellationToken;

    public static TheoryData<string, int, string> Poisons => new()
    {
        { "\"player_id\":\"\\ud800\"", 422, "field-invalid" },
        { "\"player_id\":\"a\\u0000b\"", 422, "field-invalid" },
        { "\"player_id\":\"player-1\",\"\\ud800\":1", 422, "field-invalid" },
        { "\"player_id\":\"player-1\",\"note\":\"\\ud800\"", 422, "field-invalid" },
        { "\"player_id\":\"player-1\",\"player_id\":\"player-1\"", 400, "malformed-json" },
        { "\"player_id\":\"player-1\",\"bet\":null", 400, "malformed-json" },
        { "\"player_id\":\"player-1\",\"note\":{\"a\":[{\"b\":1,\"b\":2}]}", 400, "malformed-json" },
        { "\"player_id\":\"player-\u00ff\"", 400, "malformed-json" },
        { "\"player_id\":\"player-1\",\"note\":" + new string('[', 60) + new string(']', 60), 400, "malformed-json" },
        { "\"player_id\":\"player-1\",\"segments\":[" + string.Join(',', Enumerable.Repeat("\"s\"", 1_200)) + "]", 422, "field-too-long" },
    };

    [Theory]
    [MemberData(nameof(Poisons))]
    public async Task A_poisoned_bet_is_refused_alone_and_its_neighbours_are_recorded(string poison, int status, string type)
    {
        await using var ledger = await TestLedger.CreateAsync(postgres);
        await ledger.CreateJackpotAsync(TestLedger.Quiet("plain"));
        await using var endpoints = await TestEndpoints.OpenAsync(ledger);
        var bad = Bad(ledger, poison);

        var single = await PostAsync(endpoints, "/v1/jp/contributions", bad);
        Assert.Equal((status, "urn:jackpot:problem:" + type), ((int)single.Status, single.Json.GetProperty("type").GetString()));

        var results = (await PostAsync(endpoints, "/v1/jp/contributions/batch", ShardEndpoints.Batch(Good(ledger, "a"), bad, Good(ledger, "b")))).Is(200).GetProperty("results");
        Assert.Equal(["accepted", "refused", "accepted"], results.EnumerateArray().Select(result => result.GetProperty("status").GetString()));
        Assert.Equal("urn:jackpot:problem:" + type, results[1].GetProperty("problem").GetProperty("type").GetString());

        var delivery = ShardEndpoints.Delivery(("0", ShardEndpoints.Event("e0", Good(ledger, "c"))), ("1", ShardEndpoints.Event("e1", bad)), ("2", ShardEndpoints.Event("e2", Good(ledger, "d"))));
        var statuses = (await PostAsync(endpoints, "/events/bets", delivery)).Is(200).GetProperty("statuses");
        Assert.Equal(["SUCCESS", "SUCCESS", "SUCCESS"], statuses.EnumerateArray().Select(entry => entry.GetProperty("status").GetString()));
        Assert.Equal(4, await ledger.StoredAsync());
    }

    [Theory]
    [InlineData("{\"entryId\":\"1\"}", "SUCCESS")]
    [InlineData("{\"entryId\":\"1\",\"event\":\"bm8ganNvbg==\",\"contentType\":\"application/octet-stream\"}", "SUCCESS")]
    [InlineData("{\"entryId\":\"1\",\"event\":{\"id\":\"\\ud800\",\"data\":{}}}", "SUCCESS")]
    [InlineData("{\"entryId\":\"1\",\"event\":{\"id\":\"e\",\"id\":\"f\",\"data\":{}}}", "SUCCESS")]
    [InlineData("{\"entryId\":\"1\",\"event\":{},\"event\":{}}", "SUCCESS")]
    [InlineData("{\"event\":{}}", null)]
    [InlineData("{\"entryId\":7,\"event\":{}}", null)]
    [InlineData("{\"entryId\":\"\\ud800\",\"event\":{}}", null)]
    [InlineData("7", null)]
    [InlineData("{\"entryId\":\"1\",\"\\ud800\":1}", "SUCCESS")]
    public async Task An_entry_without_an_event_that_can_be_read_costs_nobody_else_anything(string entry, string? status)
    {
        await using var ledger = await TestLedger.CreateAsync(postgres);
        await ledger.CreateJackpotAsync(TestLedger.Quiet("plain"));
        await using var endpoints = await TestEndpoints.OpenAsync(ledger);
        var good = ShardEndpoints.Delivery(("0", ShardEndpoints.Event("e0", Good(ledger, "a"))), ("2", ShardEndpoints.Event("e2", Good(ledger, "b"))));
        var delivery = good.Replace("},{\"metadata\"", "}," + entry + ",{\"metadata\"", StringComparison.Ordinal);
        var statuses = (await PostAsync(endpoints, "/events/bets", delivery)).Is(200).GetProperty("statuses").EnumerateArray().Select(s => s.GetProperty("status").GetString()).ToList();
        Assert.Equal(status is null ? ["SUCCESS", "SUCCESS"] : ["SUCCESS", status, "SUCCESS"], statuses);
        Assert.Equal(2, await ledger.StoredAsync());
    }

    [Theory]
    [InlineData("")]
    [InlineData("{}")]
    [InlineData("[]")]
    [InlineData("{\"entries\":null}")]
    [InlineData("{\"entries\":[{\"entryId\":\"0\"")]
    public async Task A_delivery_that_is_none_is_a_bad_request(string body)
    {
        await using var ledger = await TestLedger.CreateAsync(postgres);
        await using var endpoints = await TestEndpoints.OpenAsync(ledger);
        (await PostAsync(endpoints, "/events/bets", body)).IsProblem(400, "malformed-json");
    }

    [Fact]
    public async Task A_delivery_that_breaks_off_is_answered_for_what_came_before()
    {
        await using var ledger = await TestLedger.CreateAsync(postgres);
        await ledger.CreateJackpotAsync(TestLedger.Quiet("plain"));
        await using var endpoints = await TestEndpoints.OpenAsync(ledger);
        var whole = ShardEndpoints.Delivery(("0", ShardEndpoints.Event("e0", Good(ledger, "a"))), ("1", ShardEndpoints.Event("e1", Good(ledger, "b"))));
        var statuses = (await PostAsync(endpoints, "/events/bets", whole[..^200])).Is(200).GetProperty("statuses").EnumerateArray().ToList();
        Assert.Equal("0", Assert.Single(statuses).GetProperty("entryId").GetString());
        Assert.Equal(1, await ledger.StoredAsync());
    }

    [Theory]
    [InlineData("a%2Fb", "a/b")]
    [InlineData("a%252Fb", "a%2Fb")]
    [InlineData("%25252F", "%252F")]
    [InlineData("50%25", "50%")]
    [InlineData("%E2%99%A3%20x+y", "\u2663 x+y")]
    public async Task An_id_in_a_path_is_decoded_once(string inPath, string player)
    {
        await using var ledger = await TestLedger.CreateAsync(postgres);
        await using var endpoints = await TestEndpoints.OpenAsync(ledger);
        var answer = await RawAsync(endpoints, "PUT", $"/v1/players/{inPath}/standing", """{"standing":"self_excluded"}""");
        Assert.True(answer.Status == HttpStatusCode.OK, answer.Body);
        Assert.Equal([player], await ledger.RowsAsync("SELECT player_id FROM player_standing"));
    }

    [Theory]
    [InlineData("..")]
    [InlineData(".")]
    [InlineData("a/b")]
    [InlineData("%2F")]
    [InlineData("plain")]
    public async Task An_id_that_cannot_be_said_in_a_path_can_be_said_in_a_body(string player)
    {
        await using var ledger = await TestLedger.CreateAsync(postgres);
        await using var endpoints = await TestEndpoints.OpenAsync(ledger);
        var body = $$"""{"standing":"self_excluded","player_id":"{{player}}"}""";
        Assert.Equal(player, (await endpoints.PutAsync("/v1/players/standing", body, tenant: TestLedger.Tenant)).Is(200).GetProperty("player_id").GetString());
        Assert.Equal([player], await ledger.RowsAsync("SELECT player_id FROM player_standing"));
        var seen = (await endpoints.GetAsync("/v1/players/standing?player_id=" + Uri.EscapeDataString(player), tenant: TestLedger.Tenant)).Is(200);
        Assert.Equal("self_excluded", seen.GetProperty("standing").GetString());
        (await endpoints.PutAsync("/v1/players/somebody-else/standing", body, tenant: TestLedger.Tenant)).IsProblem(422, "field-invalid");
        (await endpoints.PutAsync("/v1/players/standing", """{"standing":"good"}""", tenant: TestLedger.Tenant)).IsProblem(422, "field-missing");
    }

    [Theory]
    [InlineData("/v1/players/%2e%2e/standing")]
    [InlineData("/v1/players/x/../y/standing")]
    [InlineData("/v1/players/%ff/standing")]
    [InlineData("/v1/players/%zz/standing")]
    [InlineData("/v1/players/%ED%A0%80/standing")]
    [InlineData("/v1/optin?player_id=%00&jackpot_id=plain")]
    [InlineData("/v1/optin?player_id=p&jackpot_id=%ff")]
    [InlineData("/v1/optin?player_id=p&player_id=q&jackpot_id=plain")]
    [InlineData("/v1/audit/reports/player-statement?tenant=brand-42&player=%00")]
    [InlineData("/v1/audit/reports?name=%00")]
    public async Task A_path_or_query_that_says_two_things_or_cannot_be_stored_is_refused(string target)
    {
        await using var ledger = await TestLedger.CreateAsync(postgres);
        await using var endpoints = await TestEndpoints.OpenAsync(ledger);
        var answer = await RawAsync(endpoints, "GET", target, null);
        Assert.True(answer.Status == HttpStatusCode.BadRequest && answer.Body.Contains("urn:jackpot:problem:malformed-request", StringComparison.Ordinal), $"{answer}");
    }

    [Theory]
    [InlineData("GET", "/v1/audit/balancing?by=day&from=0001-01-01", 422)]
    [InlineData("GET", "/v1/audit/balancing?by=day&to=0001-01-01", 422)]
    [InlineData("GET", "/v1/audit/reports/daily-amounts?interval=year&to=0001-01-01", 422)]
    [InlineData("GET", "/v1/audit/reports/daily-amounts?interval=range&from=31.01.2026", 422)]
    [InlineData("GET", "/v1/nothing/here", 404)]
    [InlineData("DELETE", "/v1/jp/pools", 405)]
    [InlineData("GET", "/v1/audit/reports/versions/x", 404)]
    public async Task Days_are_ISO_days_of_this_calendar_and_refusals_of_the_server_are_problems(string method, string target, int status)
    {
        await using var ledger = await TestLedger.CreateAsync(postgres);
        await using var endpoints = await TestEndpoints.OpenAsync(ledger);
        var answer = await RawAsync(endpoints, method, target, null);
        Assert.True((int)answer.Status == status && answer.ContentType == "application/problem+json", $"{answer}");
    }

    [Fact]
    public async Task A_pool_id_that_is_taken_is_a_conflict_and_leaves_nothing_behind()
    {
        await using var ledger = await TestLedger.CreateAsync(postgres);
        await ledger.CreateJackpotAsync(TestLedger.Quiet("plain"));
        await using var endpoints = await TestEndpoints.OpenAsync(ledger);
        var definition = TestLedger.Quiet("other");
        definition = definition with { Pools = [definition.Pools[0], definition.Pools[0] with { PoolId = "plain-main" }] };
        (await endpoints.PutAsync("/v1/admin/jackpots/other", definition.ToJson(), "anna")).IsProblem(409, "pool-taken");
        Assert.Equal(["plain"], await ledger.RowsAsync("SELECT jackpot_id FROM jackpot"));
        (await endpoints.PutAsync("/v1/admin/jackpots/other", TestLedger.Quiet("other").ToJson(), "anna")).Is(201);
    }

    [Theory]
    [InlineData("/v1/admin/jackpots/plain/pause", "{\"why\":\"a\\u0000b\"}")]
    [InlineData("/v1/admin/jackpots/plain/pause", "{\"why\":\"a\\ud800b\"}")]
    [InlineData("/v1/admin/jackpots/plain/transfer", "{\"why\":\"x\",\"pools\":{\"plain-main\":\"a\\u0000b\"}}")]
    [InlineData("/v1/admin/quarantine/1/release", "{\"why\":\"a\\u0000b\"}")]
    [InlineData("/v1/optin", "{\"tenant_id\":\"brand-42\",\"player_id\":\"\\ud800\",\"jackpot_id\":\"plain\",\"consent_version\":1}")]
    public async Task Text_that_cannot_be_stored_is_a_fault_of_its_field(string path, string json)
    {
        await using var ledger = await TestLedger.CreateAsync(postgres);
        await ledger.CreateJackpotAsync(TestLedger.Quiet("plain"));
        await using var endpoints = await TestEndpoints.OpenAsync(ledger);
        (await endpoints.PostAsync(path, json, "anna", TestLedger.Tenant)).IsProblem(422, "field-invalid");
    }

    [Theory]
    [InlineData("\"kind\":\"random\",", "")]
    [InlineData("\"kind\":\"random\"", "\"kind\":\"unheard\"")]
    [InlineData("\"currency\":\"EUR\",\"min\"", "\"currency\":null,\"min\"")]
    [InlineData("\"countries\":[\"MT\"]", "\"countries\":[null]")]
    [InlineData("\"name\":\"slots\"", "\"name\":null")]
    public async Task Terms_that_nobody_could_read_again_are_refused_at_every_endpoint_that_takes_terms(string good, string bad)
    {
        await using var ledger = await TestLedger.CreateAsync(postgres);
        await ledger.CreateJackpotAsync(TestLedger.Quiet("plain"));
        await using var endpoints = await TestEndpoints.OpenAsync(ledger);
        var definition = ShardEndpoints.Rich("rich").ToJson();
        Assert.Contains(good, definition, StringComparison.Ordinal);
        var terms = definition.Replace(good, bad, StringComparison.Ordinal);
        (await endpoints.PutAsync("/v1/admin/jackpots/rich", terms, "anna")).IsProblem(422, "configuration-invalid");

        var change = await endpoints.PostAsync("/v1/admin/jackpots/plain/changes", $$"""{"why":"x","after":{{terms}} }""", "anna");
        var template = await endpoints.PutAsync("/v1/admin/templates/rich", terms, "anna");
        Assert.All([change, template], answer => Assert.InRange((int)answer.Status, 200, 422));
        (await endpoints.GetAsync("/v1/admin/jackpots/plain/changes")).Is(200);
    }

    static string Good(TestLedger ledger, string key) => BetBody.Json(ledger, key, "plain");

    static string Bad(TestLedger ledger, string poison) => BetBody.Json(ledger, "bad", "plain").Replace("\"player_id\":\"player-1\"", poison, StringComparison.Ordinal);

    /// <summary>Byte for byte: a letter above 0x7F becomes one byte, which is not UTF-8.</summary>
    static async Task<EndpointAnswer> PostAsync(TestEndpoints endpoints, string path, string body)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = new ByteArrayContent(Encoding.Latin1.GetBytes(body)) };
        request.Headers.Add("X-Tenant-Id", TestLedger.Tenant);
        using var response = await endpoints.Http.SendAsync(request, Ct);
        return new EndpointAnswer(response.StatusCode, await response.Content.ReadAsStringAsync(Ct), null);
    }

    static Task<FuzzAnswer> RawAsync(TestEndpoints endpoints, string method, string target, string? json) => FuzzRun.SendAsync(
        endpoints.Http, new FuzzRequest(method, target, json is null ? null : Encoding.UTF8.GetBytes(json), [new("X-Tenant-Id", TestLedger.Tenant)]), Ct);
}
