using Jackpot.Gateway.Routing;
using Jackpot.TestKit.Fuzzing;

namespace Jackpot.Gateway.Tests.Routing;

/// <summary>What a client says in a path or query is what the shard is told; nothing is decoded on the way.</summary>
[Collection("one after the other: they look at what a shard saw last")]
public sealed class TargetTests(GatewayFixture gateway, ITestOutputHelper output)
{
    const string Tenant = "brand-1";
    const int FaultsShownMax = 20;

    static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("/v1/players/a%2Fb/standing")]
    [InlineData("/v1/players/a%252Fb/standing")]
    [InlineData("/v1/players/%25252F/standing")]
    [InlineData("/v1/players/50%25/standing")]
    [InlineData("/v1/players/%E2%99%A3%20x+y/standing")]
    [InlineData("/v1/players/%ff/standing")]
    [InlineData("/v1/players/a;b:c@d!$&'()*,=~/standing")]
    [InlineData("/v1/optin?player_id=a%252Fb&jackpot_id=x+y%00&z=%2F")]
    [InlineData("/v1/jp/./pools")]
    public async Task A_target_reaches_the_shard_as_it_was_sent(string target)
    {
        await SendAsync(target, [new("X-Tenant-Id", Tenant)]);
        Assert.Equal(target, gateway.Alone.Seen.Last().RawTarget);
    }

    [Fact]
    public async Task A_client_of_another_region_is_sent_to_the_same_target_there()
    {
        using var message = new HttpRequestMessage(HttpMethod.Get, new Uri($"http://127.0.0.1:{gateway.Port}/v1/players/a%252Fb/standing?x=%2500"));
        message.Headers.Add("X-Tenant-Id", "brand-9");
        using var answer = await gateway.Http.SendAsync(message, Ct);
        Assert.Equal(421, (int)answer.StatusCode);
        Assert.EndsWith("/v1/players/a%252Fb/standing?x=%2500", answer.Headers.GetValues("Location").Single(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task No_target_or_header_is_answered_with_a_fault_of_the_gateway()
    {
        Dictionary<string, string> seeds = new()
        {
            ["/v1/jp/{**rest}"] = "/v1/jp/pools/main?currency=EUR", ["/v1/awards/{**rest}"] = "/v1/awards/award-1", ["/v1/optin/{**rest}"] = "/v1/optin?player_id=p&jackpot_id=j",
            ["/v1/players/{**rest}"] = "/v1/players/p/standing", ["/jackpot/{**rest}"] = "/jackpot/j/award",
        };
        Assert.Equal(ShardClusters.OpenPaths.Order(), seeds.Keys.Order());
        var run = new FuzzRun(bodies: 500, bodiesLong: 5_000);
        output.WriteLine(run.ToString());
        string[] targets = [.. seeds.Values, "/healthz", "/readyz", "/metrics", "/nothing"];
        string[] tenants = [Tenant, "brand-2", "nobody", "", new string('x', 9_000), "brand-1, brand-1"];
        var faults = new List<string>();
        for (var i = 0; i < run.Bodies; i++)
        {
            var target = run.Targets.Mutate(targets[i % targets.Length]);
            List<KeyValuePair<string, string>> headers = [new("X-Tenant-Id", run.Random.Next(4) == 0 ? tenants[run.Random.Next(tenants.Length)] : Tenant)];
            if (run.Random.Next(10) == 0)
            {
                headers.Add(new(run.Random.Next(2) == 0 ? "X-Tenant-Id" : "X-Forwarded-For", Tenant));
            }

            // 409 is the word of the shard that stands in here.
            var answer = await SendAsync(target, [.. headers]);
            if (answer is { Fault: { } fault, Status: not System.Net.HttpStatusCode.Conflict })
            {
                faults.Add($"{fault}: {(int)answer.Status} {answer.Body} to {target} [{string.Join("; ", headers)}]");
            }
        }

        Assert.True(faults.Count == 0, $"{run}\n{faults.Count} faults\n{string.Join('\n', faults.Take(FaultsShownMax))}");
    }

    Task<FuzzAnswer> SendAsync(string target, KeyValuePair<string, string>[] headers) =>
        FuzzRun.SendAsync(gateway.Http, new FuzzRequest("GET", target, null, headers), Ct);
}
