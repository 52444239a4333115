using System.Net;
using System.Text.Json;

namespace Jackpot.EndToEnd.Tests;

/// <summary>What a tenant can read through its gateway.</summary>
[Collection(ClusterCollection.Name)]
public sealed class ReadTests(ClusterFixture fixture)
{
    JackpotCluster Cluster => fixture.Cluster;

    Uri Gateway => Cluster.Url("gateway-eu-mt");

    [Fact]
    public async Task A_tenant_sees_the_pools_it_feeds_and_no_others()
    {
        var all = await PoolIdsAsync("v1/jp/pools");
        Assert.Contains("euro-spins-main", all);
        Assert.Contains("quick-pot-main", all);
        Assert.DoesNotContain(all, pool => pool.StartsWith("triple", StringComparison.Ordinal));
        Assert.Equal(["euro-spins-main"], await PoolIdsAsync("v1/jp/pools?jackpot=euro-spins"));
        Assert.Equal(all, await PoolIdsAsync("v1/jp/pools?currency=EUR"));
        Assert.Empty(await PoolIdsAsync("v1/jp/pools?currency=USD"));
    }

    [Theory]
    [InlineData("v1/jp/pools/euro-spins-main", "pool_id")]
    [InlineData("v1/jp/jackpots/euro-spins", "pools")]
    [InlineData("jackpot/euro-spins", "pools")]
    [InlineData("v1/jp/jackpots/euro-spins/awards", "awards")]
    [InlineData("v1/jp/jackpots/euro-spins/cycles", "cycles")]
    [InlineData("v1/jp/jackpots/euro-spins/commitments", "commitments")]
    public async Task Every_read_answers_with_what_it_is_named_after(string path, string property) =>
        Assert.True((await Cluster.GetAsync(new Uri(Gateway, path), Bets.Tenant)).TryGetProperty(property, out _));

    [Fact]
    public async Task An_unchanged_answer_is_not_sent_twice()
    {
        var url = new Uri(Gateway, "v1/jp/jackpots/mega-net/commitments");
        using var first = await Cluster.Http.SendAsync(Get(url), TestContext.Current.CancellationToken);
        var again = Get(url);
        again.Headers.IfNoneMatch.Add(first.Headers.ETag!);

        using var second = await Cluster.Http.SendAsync(again, TestContext.Current.CancellationToken);

        Assert.Equal(HttpStatusCode.NotModified, second.StatusCode);
    }

    [Theory]
    [InlineData("v1/jp/pools/no-such-pool")]
    [InlineData("v1/jp/jackpots/triple")]
    [InlineData("v1/awards/00000000000000000000000000000000")]
    public async Task What_is_not_this_tenants_does_not_exist_for_it(string path)
    {
        using var response = await Cluster.Http.SendAsync(Get(new Uri(Gateway, path)), TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.NotFound, response.StatusCode);
        Assert.Equal("application/problem+json", response.Content.Headers.ContentType?.MediaType);
    }

    [Theory]
    [InlineData("0")]
    [InlineData("201")]
    [InlineData("many")]
    public async Task A_limit_out_of_range_is_refused(string limit)
    {
        using var response = await Cluster.Http.SendAsync(
            Get(new Uri(Gateway, "v1/jp/jackpots/euro-spins/awards?limit=" + limit)), TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.UnprocessableEntity, response.StatusCode);
    }

    [Fact]
    public async Task The_shard_describes_its_endpoints_and_shows_its_counters()
    {
        var shard = Cluster.Replicas("shard-eu-mt-1")[0];
        var document = await Cluster.GetAsync(new Uri(shard, "openapi/v1.json"));
        Assert.True(document.GetProperty("paths").TryGetProperty("/v1/jp/contributions", out _));

        await Cluster.SendAsync(Gateway, Bets.Json(Guid.NewGuid().ToString()));
        var metrics = await Cluster.Http.GetStringAsync(new Uri(shard, "metrics"), TestContext.Current.CancellationToken);
        Assert.Contains("jackpot_contributions_total{outcome=\"accepted\"}", metrics, StringComparison.Ordinal);
        Assert.Contains("jackpot_batch_seconds_bucket{le=\"0.001\"}", metrics, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("v1/admin/jackpots/euro-spins/pause")]
    [InlineData("v1/audit/balancing")]
    public async Task The_gateway_does_not_route_the_inner_endpoints(string path)
    {
        using var response = await Cluster.Http.SendAsync(Get(new Uri(Gateway, path)), TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.NotFound, response.StatusCode);
    }

    async Task<List<string>> PoolIdsAsync(string path) =>
        [.. (await Cluster.GetAsync(new Uri(Gateway, path), Bets.Tenant)).GetProperty("pools").EnumerateArray().Select(pool => pool.GetProperty("pool_id").GetString()!)];

    static HttpRequestMessage Get(Uri url)
    {
        var request = new HttpRequestMessage(HttpMethod.Get, url);
        request.Headers.Add("X-Tenant-Id", Bets.Tenant);
        return request;
    }
}
