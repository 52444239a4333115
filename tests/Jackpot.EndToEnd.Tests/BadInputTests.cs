using System.Net;
using System.Text.Json;

namespace Jackpot.EndToEnd.Tests;

/// <summary>Every refusal is a problem document with a stable type, and stores nothing.</summary>
[Collection(ClusterCollection.Name)]
public sealed class BadInputTests(ClusterFixture fixture)
{
    static readonly string TooLong = new('x', 201);

    JackpotCluster Cluster => fixture.Cluster;

    [Theory]
    [InlineData("bet", """{"amount":-0.01,"currency":"EUR"}""", 422, "amount-negative")]
    [InlineData("bet", """{"amount":"","currency":"EUR"}""", 422, "amount-invalid")]
    [InlineData("bet", """{"amount":"NaN","currency":"EUR"}""", 422, "amount-invalid")]
    [InlineData("bet", """{"amount":"2.00","currency":"EUR"}""", 422, "amount-invalid")]
    [InlineData("bet", """{"amount":NaN,"currency":"EUR"}""", 400, "malformed-json")]
    [InlineData("bet", """{"amount":0.0000001,"currency":"EUR"}""", 422, "amount-too-precise")]
    [InlineData("bet", """{"amount":1000000000000.000001,"currency":"EUR"}""", 422, "amount-too-large")]
    [InlineData("bet", """{"amount":2.00,"currency":"XXX"}""", 422, "currency-unknown")]
    [InlineData("bet", """{"amount":2.00,"currency":"JPY"}""", 422, "currency-without-rate")]
    [InlineData("bet", """{"currency":"EUR"}""", 422, "amount-invalid")]
    [InlineData("bet", "5", 422, "field-invalid")]
    [InlineData("bet", null, 422, "amount-invalid")]
    [InlineData("contrib", """{"amount":0.01,"currency":"EUR"}""", 422, "contribution-mismatch")]
    [InlineData("player_id", null, 422, "field-missing")]
    [InlineData("player_id", "\"\"", 422, "field-missing")]
    [InlineData("player_id", "7", 422, "field-invalid")]
    [InlineData("player_id", "\"a\\u0000b\"", 422, "field-invalid")]
    [InlineData("player_id", "too long", 422, "field-too-long")]
    [InlineData("jp_contrib_id", null, 422, "field-missing")]
    [InlineData("jp_contrib_id", "too long", 422, "field-too-long")]
    [InlineData("idempotency_key", null, 422, "field-missing")]
    [InlineData("idempotency_key", "too long", 422, "field-too-long")]
    [InlineData("game_id", null, 422, "field-missing")]
    [InlineData("round_id", null, 422, "field-missing")]
    [InlineData("pool_id", null, 422, "field-missing")]
    [InlineData("pool_id", "\"no-such-pool\"", 404, "pool-unknown")]
    [InlineData("tenant_id", "\"brand-43\"", 403, "tenant-mismatch")]
    [InlineData("occurred_at", "\"2020-01-01T00:00:00Z\"", 422, "occurred-at-outside-window")]
    [InlineData("occurred_at", "\"2099-01-01T00:00:00Z\"", 422, "occurred-at-outside-window")]
    [InlineData("occurred_at", "\"yesterday\"", 422, "field-invalid")]
    public async Task A_bad_field_is_refused_and_stores_nothing(string field, string? value, int status, string type)
    {
        var key = Guid.NewGuid().ToString();
        var body = Bets.Json(key, field: field, value: value == "too long" ? JsonSerializer.Serialize(TooLong) : value);

        await AssertRefusedAsync(body, Bets.Tenant, status, type);
        await AssertNotStoredAsync(key);
    }

    [Theory]
    [InlineData(null, 401, "tenant-missing")]
    [InlineData("nobody", 404, "tenant-unknown")]
    public async Task A_request_of_nobody_is_refused(string? tenant, int status, string type)
    {
        var key = Guid.NewGuid().ToString();
        await AssertRefusedAsync(Bets.Json(key), tenant, status, type);
        await AssertNotStoredAsync(key);
    }

    [Fact]
    public async Task A_tenant_of_another_region_is_told_where_to_go()
    {
        var problem = await AssertRefusedAsync(Bets.Json("elsewhere", tenant: "brand-7"), "brand-7", 421, "tenant-of-another-region");
        Assert.Equal(Cluster.Url("gateway-uk-gb"), new Uri(problem.GetProperty("region_url").GetString()!));
    }

    [Theory]
    [InlineData("")]
    [InlineData("not json")]
    [InlineData("[]")]
    [InlineData("{\"bet\":")]
    [InlineData("{} {}")]
    public async Task What_is_not_a_JSON_object_is_refused(string body) => await AssertRefusedAsync(body, Bets.Tenant, 400, "malformed-json");

    [Fact]
    public async Task A_body_over_the_limit_is_refused() =>
        await AssertRefusedAsync(Bets.Json("large", field: "note", value: JsonSerializer.Serialize(new string('x', 20_000))), Bets.Tenant, 413, "body-too-large");

    [Fact]
    public async Task Unknown_fields_are_ignored()
    {
        var (status, body) = await Cluster.SendAsync(Gateway, Bets.Json(Guid.NewGuid().ToString(), field: "colour", value: """{"deep":[1,{"er":null}]}"""));
        Assert.True(status == HttpStatusCode.OK, body);
    }

    [Fact]
    public async Task A_batch_of_1001_is_refused_whole()
    {
        var key = Guid.NewGuid().ToString();
        var items = Enumerable.Range(0, 1001).Select(i => Bets.Json($"{key}-{i}"));
        await AssertRefusedAsync($$"""{"contributions":[{{string.Join(",", items)}}]}""", Bets.Tenant, 413, "batch-too-large", "v1/jp/contributions/batch");
        await AssertNotStoredAsync($"{key}-0");
    }

    [Fact]
    public async Task One_bad_item_of_a_batch_refuses_that_item_only()
    {
        var key = Guid.NewGuid().ToString();
        var items = new[] { Bets.Json(key + "-0"), Bets.Json(key + "-1", amount: "-1"), "7", Bets.Json(key + "-2") };

        var (status, body) = await Cluster.SendAsync(Gateway, $$"""{"contributions":[{{string.Join(",", items)}}]}""", path: "v1/jp/contributions/batch");

        Assert.True(status == HttpStatusCode.OK, body);
        var results = JsonElement.Parse(body).GetProperty("results").EnumerateArray().ToList();
        Assert.Equal(["accepted", "refused", "refused", "accepted"], results.Select(result => result.GetProperty("status").GetString()));
        Assert.Equal("urn:jackpot:problem:amount-negative", results[1].GetProperty("problem").GetProperty("type").GetString());
        await AssertNotStoredAsync(key + "-1");
    }

    [Fact]
    public async Task A_paused_jackpot_answers_409_and_resumes_at_the_same_amount()
    {
        var shard = Cluster.Replicas("shard-eu-mt-1")[0];
        await AdminAsync(shard, "mega-net/pause");
        var before = await PoolAmountAsync();

        var key = Guid.NewGuid().ToString();
        await AssertRefusedAsync(Bets.Json(key, "mega-net-grand"), Bets.Tenant, 409, "jackpot-paused");
        await AdminAsync(shard, "mega-net/resume");

        Assert.Equal(before, await PoolAmountAsync());
        var (status, body) = await Cluster.SendAsync(Gateway, Bets.Json(key, "mega-net-grand"));
        Assert.True(status == HttpStatusCode.OK, body);

        async Task<decimal> PoolAmountAsync() =>
            (await Cluster.GetAsync(new Uri(Gateway, "v1/jp/pools/mega-net-grand"), Bets.Tenant)).GetProperty("amount").GetProperty("amount").GetDecimal();
    }

    [Fact]
    public async Task The_same_key_is_answered_the_same_to_the_byte_and_another_body_is_refused()
    {
        var body = Bets.Json(Guid.NewGuid().ToString());
        var first = await Cluster.SendAsync(Gateway, body);
        await Cluster.SendAsync(Gateway, Bets.Json(Guid.NewGuid().ToString()));

        Assert.Equal(first, await Cluster.SendAsync(Gateway, body));
        await AssertRefusedAsync(body.Replace("2.00", "3.00", StringComparison.Ordinal), Bets.Tenant, 409, "idempotency-key-reused");
    }

    [Fact]
    public async Task A_bet_in_another_currency_keeps_its_rate_and_version()
    {
        var key = Guid.NewGuid().ToString();
        var (status, body) = await Cluster.SendAsync(Gateway, Bets.Json(key, currency: "USD"));
        Assert.True(status == HttpStatusCode.OK, body);

        await using var database = Cluster.Database("shard_eu_mt_1");
        await using var command = database.CreateCommand(
            $"SELECT bet = 2000000 AND stake = bet * rate_nanos / 1000000000 AND rate_version > 0 FROM contribution WHERE contribution_id = 'c-{key}'");
        Assert.Equal(true, await command.ExecuteScalarAsync(TestContext.Current.CancellationToken));
    }

    Uri Gateway => Cluster.Url("gateway-eu-mt");

    async Task<JsonElement> AssertRefusedAsync(string body, string? tenant, int status, string type, string path = "v1/jp/contributions")
    {
        var (seen, answer) = await Cluster.SendAsync(Gateway, body, tenant, path);
        Assert.True((int)seen == status, $"{(int)seen} instead of {status}: {answer}");
        var problem = JsonElement.Parse(answer);
        Assert.Equal("urn:jackpot:problem:" + type, problem.GetProperty("type").GetString());
        Assert.Equal(status, problem.GetProperty("status").GetInt32());
        Assert.NotEmpty(problem.GetProperty("detail").GetString()!);
        return problem;
    }

    async Task AssertNotStoredAsync(string key)
    {
        await using var database = Cluster.Database("shard_eu_mt_1");
        await using var command = database.CreateCommand($"SELECT count(*) FROM contribution WHERE contribution_id = 'c-{key}'");
        Assert.Equal(0L, await command.ExecuteScalarAsync(TestContext.Current.CancellationToken));
    }

    async Task AdminAsync(Uri shard, string action)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(shard, "v1/admin/jackpots/" + action));
        request.Headers.Add("X-Person", "anna");
        request.Content = new StringContent("""{"why":"test"}""", System.Text.Encoding.UTF8, "application/json");
        using var response = await Cluster.Http.SendAsync(request, TestContext.Current.CancellationToken);
        response.EnsureSuccessStatusCode();
    }
}
