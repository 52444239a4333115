using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json.Nodes;
using Jackpot.LocalProcesses;
using Jackpot.TestKit;

namespace Jackpot.Gateway.Tests.Routing;

[Collection("one after the other: they look at what a shard saw last")]
public sealed class TenantRoutingTests(GatewayFixture gateway)
{
    [Theory]
    [InlineData("/v1/jp/contributions")]
    [InlineData("/v1/jp/pools/main?currency=EUR&x=%20y")]
    [InlineData("/v1/awards/award-1")]
    [InlineData("/v1/awards?player=player-1&from=2026-01-01T00:00:00Z")]
    [InlineData("/v1/optin/jackpots/a")]
    [InlineData("/v1/players/player-1/standing")]
    [InlineData("/jackpot/euro-spins")]
    public async Task An_open_path_reaches_the_tenants_shard_with_its_query(string path)
    {
        using var answer = await gateway.GetAsync(path, "brand-1");

        Assert.Equal("alone", await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
        Assert.Equal(path, gateway.Alone.Seen.Last().Target.Replace(" ", "%20", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Status_headers_and_body_pass_through_both_ways()
    {
        using var body = new StringContent("{\"bet\":1}", Encoding.UTF8, "application/json");
        using var answer = await gateway.SendAsync(HttpMethod.Post, "/v1/jp/contributions", "brand-1", body);

        Assert.Equal(HttpStatusCode.Conflict, answer.StatusCode);
        Assert.Equal("kept", answer.Headers.GetValues("X-Shard-Header").Single());
        var seen = gateway.Alone.Seen.Last();
        Assert.Equal(("POST", "{\"bet\":1}", "brand-1"), (seen.Method, seen.Body, seen.Headers["X-Tenant-Id"]));
    }

    [Theory]
    [InlineData("/v1/admin/jackpots/x")]
    [InlineData("/v1/audit/awards")]
    [InlineData("/v1/jp/../admin/jackpots/x")]
    [InlineData("/v1/jp/%2e%2e/admin/jackpots/x")]
    [InlineData("/v1/jp%2f..%2fadmin/jackpots/x")]
    [InlineData("//v1/jp/pools")]
    [InlineData("/internal")]
    [InlineData("/dapr/config")]
    [InlineData("/actors/JackpotActor/x/method/RecordBatch")]
    public async Task A_path_that_is_not_open_is_404_and_reaches_no_shard(string path)
    {
        var before = gateway.Alone.Seen.Count;

        // A raw request, because HttpClient would tidy the path up before it is sent.
        var answer = await RawHttp.SendAsync(gateway.Port, $"GET {path} HTTP/1.1\r\nHost: x\r\nX-Tenant-Id: brand-1\r\nConnection: close\r\n\r\n");

        Assert.StartsWith("HTTP/1.1 404", answer, StringComparison.Ordinal);
        Assert.Contains("urn:jackpot:problem:unknown-route", answer, StringComparison.Ordinal);
        Assert.Equal(before, gateway.Alone.Seen.Count);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    public async Task A_request_without_a_tenant_is_401(string? tenant) =>
        await AssertProblemAsync(await gateway.GetAsync("/v1/jp/pools", tenant), HttpStatusCode.Unauthorized, "tenant-missing");

    [Fact]
    public async Task Two_tenant_headers_are_401_so_that_gateway_and_shard_cannot_disagree()
    {
        var answer = await RawHttp.SendAsync(gateway.Port, "GET /v1/jp/pools HTTP/1.1\r\nHost: x\r\nX-Tenant-Id: brand-1\r\nX-Tenant-Id: brand-2\r\nConnection: close\r\n\r\n");
        Assert.StartsWith("HTTP/1.1 401", answer, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_unknown_tenant_is_404() =>
        await AssertProblemAsync(await gateway.GetAsync("/v1/jp/pools", "brand-unknown"), HttpStatusCode.NotFound, "tenant-unknown");

    [Fact]
    public async Task A_tenant_of_another_region_is_421_with_that_regions_url()
    {
        using var answer = await gateway.GetAsync("/v1/jp/pools?x=1", "brand-9");

        var problem = await AssertProblemAsync(answer, HttpStatusCode.MisdirectedRequest, "tenant-of-another-region");
        Assert.Equal("http://south.example", (string?)problem["region_url"]);
        Assert.Equal("http://south.example/v1/jp/pools?x=1", answer.Headers.Location?.ToString());
    }

    [Fact]
    public async Task Headers_by_which_proxies_speak_are_taken_out_and_others_stay()
    {
        await RawHttp.SendAsync(gateway.Port,
            "GET /v1/jp/pools HTTP/1.1\r\nHost: x\r\nX-Tenant-Id: brand-1\r\nX-Forwarded-For: 6.6.6.6\r\nx-forwarded-anything: a\r\nForwarded: for=6.6.6.6\r\nX-Real-IP: 6.6.6.6\r\nX-Request-Id: mine\r\nConnection: close\r\n\r\n");

        var headers = gateway.Alone.Seen.Last().Headers;
        Assert.DoesNotContain(headers.Values, value => value.Contains("6.6.6.6", StringComparison.Ordinal));
        Assert.DoesNotContain("x-forwarded-anything", headers.Keys);
        Assert.Equal("mine", headers["X-Request-Id"]);
    }

    [Fact]
    public async Task A_body_over_one_mebibyte_is_413_whether_or_not_its_length_was_declared()
    {
        var before = gateway.Alone.Seen.Count;
        const string Head = "POST /v1/jp/contributions/batch HTTP/1.1\r\nHost: x\r\nX-Tenant-Id: brand-1\r\nConnection: close\r\n";

        // The client stops where the gateway knows enough and waits: what it sends after the answer would reset the connection under the answer.
        string[] answers =
        [
            await RawHttp.SendAsync(gateway.Port, Head + $"Content-Length: {1024 * 1024 + 1}\r\n\r\n"),
            await RawHttp.SendAsync(gateway.Port, Head + $"Transfer-Encoding: chunked\r\n\r\n{1024 * 1024 + 1:x}\r\n{new string('0', 1024 * 1024 + 1)}"),
        ];
        Assert.All(answers, answer =>
        {
            Assert.StartsWith("HTTP/1.1 413 ", answer, StringComparison.Ordinal);
            Assert.Contains("urn:jackpot:problem:body-too-large", answer, StringComparison.Ordinal);
        });
        Assert.Equal(before, gateway.Alone.Seen.Count);
    }

    [Fact]
    public async Task A_body_of_exactly_one_mebibyte_passes()
    {
        using var body = new ByteArrayContent(new byte[1024 * 1024]);
        using var answer = await gateway.SendAsync(HttpMethod.Post, "/v1/jp/contributions/batch", "brand-1", body);
        Assert.Equal(HttpStatusCode.Conflict, answer.StatusCode);
    }

    [Fact]
    public async Task Replicas_of_a_shard_take_turns()
    {
        var names = new List<string>();
        for (var i = 0; i < 10; i++)
        {
            using var answer = await gateway.GetAsync("/v1/jp/pools", "brand-2");
            names.Add(await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
        }
        Assert.Equal(5, names.Count(name => name == "twin-a"));
        Assert.Equal(5, names.Count(name => name == "twin-b"));
    }

    [Fact]
    public async Task A_dead_replica_costs_one_request_and_one_that_returns_is_used_again()
    {
        var port = FreePort.Next();
        await using var living = await StubShard.StartAsync("living");
        var returning = await StubShard.StartAsync("returning", FreePort.Next());
        await using var process = GatewayFixture.Start(port, new Dictionary<string, string?>
        {
            ["Gateway__Region"] = "north",
            ["Gateway__Shards__north-1"] = $"{living.Url},{returning.Url}",
            ["Gateway__Shards__north-2"] = living.Url,
        });
        await process.AnswersAsync($"http://127.0.0.1:{port}/readyz");
        using var http = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{port}") };
        http.DefaultRequestHeaders.Add("X-Tenant-Id", "brand-1");
        await returning.DisposeAsync();

        // The replica is out for a second after each failure, so that a request a second fails at most, however slow the machine is.
        var clock = System.Diagnostics.Stopwatch.StartNew();
        var statuses = new List<HttpStatusCode>();
        while (statuses.Count < 20 && (clock.ElapsedMilliseconds < 500 || !statuses.Contains(HttpStatusCode.Conflict)))
        {
            using var answer = await http.GetAsync("/v1/jp/pools", TestContext.Current.CancellationToken);
            statuses.Add(answer.StatusCode);
        }

        Assert.True(statuses.Count(status => status == HttpStatusCode.BadGateway) <= 1 + (int)clock.Elapsed.TotalSeconds, string.Join(' ', statuses));
        Assert.Contains(HttpStatusCode.Conflict, statuses);

        await using var returned = await StubShard.StartAsync("returned", new Uri(returning.Url).Port);
        await Eventually.TrueAsync(async () => await http.GetAsync("/v1/jp/pools") is { } answer && await answer.Content.ReadAsStringAsync() == "returned", what: "the replica that came back");
    }

    [Fact]
    public async Task A_shard_without_any_living_replica_is_502_with_retry_after()
    {
        var port = FreePort.Next();
        await using var process = GatewayFixture.Start(port, new Dictionary<string, string?>
        {
            ["Gateway__Region"] = "north",
            ["Gateway__Shards__north-1"] = $"http://127.0.0.1:{FreePort.Next()}",
            ["Gateway__Shards__north-2"] = gateway.TwinA.Url,
        });
        await process.AnswersAsync($"http://127.0.0.1:{port}/readyz");
        using var http = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{port}") };
        http.DefaultRequestHeaders.Add("X-Tenant-Id", "brand-1");

        using var answer = await http.GetAsync("/v1/jp/pools", TestContext.Current.CancellationToken);

        await AssertProblemAsync(answer, HttpStatusCode.BadGateway, "shard-unreachable");
        Assert.Equal(1, answer.Headers.RetryAfter?.Delta?.TotalSeconds);
        using var ready = await http.GetAsync("/readyz", TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.ServiceUnavailable, ready.StatusCode);
    }

    static async Task<JsonNode> AssertProblemAsync(HttpResponseMessage answer, HttpStatusCode status, string reason)
    {
        Assert.Equal(status, answer.StatusCode);
        Assert.Equal("application/problem+json", answer.Content.Headers.ContentType?.MediaType);
        var problem = (await answer.Content.ReadFromJsonAsync<JsonNode>(TestContext.Current.CancellationToken))!;
        Assert.Equal($"urn:jackpot:problem:{reason}", (string?)problem["type"]);
        Assert.Equal((int)status, (int)problem["status"]!);
        return problem;
    }
}
