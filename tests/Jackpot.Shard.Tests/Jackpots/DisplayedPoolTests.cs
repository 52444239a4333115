using System.Text.Json;
using Jackpot.TestKit;
using Jackpot.Shard.Regions;
using Microsoft.Extensions.DependencyInjection;

namespace Jackpot.Shard.Tests.Jackpots;

/// <summary>Pools in a wished currency: what is stored stays what it is, and what is shown says by which rate.</summary>
public sealed class DisplayedPoolTests(PostgresFixture postgres) : IClassFixture<PostgresFixture>
{
    [Theory]
    [InlineData("/v1/jp/pools/plain-main?display=SEK")]
    [InlineData("/v1/jp/pools?display=SEK&currency=EUR")]
    [InlineData("/v1/jp/jackpots/plain?display=SEK")]
    public async Task A_pool_is_shown_with_rate_version_and_time_beside_what_is_stored(string path)
    {
        await using var ledger = await TestLedger.CreateAsync(postgres);
        await ledger.CreateJackpotAsync(TestLedger.Quiet("plain"));
        await using var endpoints = await TestEndpoints.OpenAsync(ledger);
        var answer = (await endpoints.GetAsync(path, tenant: TestLedger.Tenant)).Is(200);
        var pool = answer.TryGetProperty("pools", out var pools) ? pools.EnumerateArray().Single() : answer;

        Assert.Equal("""{"amount":1000.00,"currency":"EUR"}""", pool.GetProperty("amount").GetRawText());
        Assert.Equal(
            """{"amount":{"amount":11299.43,"currency":"SEK"},"rate":{"from":"SEK","to":"EUR","rate":0.0885},"rate_version":1,"rate_as_of":"2026-11-01T00:00:00+00:00"}""",
            pool.GetProperty("display").GetRawText());
    }

    [Fact]
    public async Task Without_a_wish_nothing_is_shown_and_its_own_currency_is_shown_as_it_is()
    {
        await using var ledger = await TestLedger.CreateAsync(postgres);
        await ledger.CreateJackpotAsync(TestLedger.Quiet("plain"));
        await using var endpoints = await TestEndpoints.OpenAsync(ledger);
        Assert.False((await endpoints.GetAsync("/v1/jp/pools/plain-main", tenant: TestLedger.Tenant)).Is(200).TryGetProperty("display", out _));
        Assert.Equal("""{"from":"EUR","to":"EUR","rate":1}""",
            (await endpoints.GetAsync("/v1/jp/pools/plain-main?display=EUR", tenant: TestLedger.Tenant)).Is(200).GetProperty("display").GetProperty("rate").GetRawText());
    }

    [Theory]
    [InlineData("XYZ", "currency-unknown")]
    [InlineData("sek", "currency-unknown")]
    [InlineData("", "currency-unknown")]
    [InlineData("JPY", "currency-without-rate")]
    public async Task A_currency_that_nobody_knows_or_that_no_rate_leads_to_is_refused(string currency, string problem)
    {
        await using var ledger = await TestLedger.CreateAsync(postgres);
        await ledger.CreateJackpotAsync(TestLedger.Quiet("plain"));
        await using var endpoints = await TestEndpoints.OpenAsync(ledger);
        foreach (var path in new[] { "/v1/jp/pools", "/v1/jp/pools/plain-main", "/v1/jp/jackpots/plain", "/jackpot/plain" })
        {
            (await endpoints.GetAsync($"{path}?display={currency}", tenant: TestLedger.Tenant)).IsProblem(422, problem);
        }
    }

    [Fact]
    public async Task The_ETag_is_another_when_the_rates_have_another_version()
    {
        await using var ledger = await TestLedger.CreateAsync(postgres);
        await ledger.CreateJackpotAsync(TestLedger.Quiet("plain"));
        var tags = new List<string>();
        foreach (var version in new[] { 1, 1, 2 })
        {
            await using var regions = RegionsOf(version);
            await using var endpoints = await TestEndpoints.OpenAsync(ledger, services => services.AddSingleton(new TenantDirectory(
                new Ledger.Settings.ShardOptions { Id = TestLedger.Shard, Region = "eu-mt", RegionsPath = regions.Path }, null)));
            using var request = new HttpRequestMessage(HttpMethod.Get, "/v1/jp/pools/plain-main?display=SEK");
            request.Headers.Add("X-Tenant-Id", TestLedger.Tenant);
            using var response = await endpoints.Http.SendAsync(request, TestContext.Current.CancellationToken);
            tags.Add(response.Headers.ETag!.ToString());
        }

        Assert.Equal(tags[0], tags[1]);
        Assert.NotEqual(tags[1], tags[2]);
    }

    static RegionsFolder RegionsOf(int version)
    {
        var folder = new RegionsFolder();
        var file = Directory.CreateDirectory(Path.Combine(folder.Path, "eu-mt")).FullName;
        var text = File.ReadAllText(Path.Combine(RepositoryFolder.Root, "regions", "eu-mt", "region.json"));
        File.WriteAllText(Path.Combine(file, "region.json"), text.Replace("\"version\": 1", $"\"version\": {version}", StringComparison.Ordinal));
        return folder;
    }

    sealed class RegionsFolder : IAsyncDisposable
    {
        public string Path { get; } = Directory.CreateTempSubdirectory("regions").FullName;

        public ValueTask DisposeAsync()
        {
            Directory.Delete(Path, recursive: true);
            return ValueTask.CompletedTask;
        }
    }
}
