using System.Globalization;
using Jackpot.TestKit;

namespace Jackpot.Gateway.Tests.Telemetry;

/// <summary>Not beside other tests, whose requests the same gateway counts.</summary>
[CollectionDefinition(nameof(MetricsTests), DisableParallelization = true)]
[Collection(nameof(MetricsTests))]
public sealed class MetricsTests(GatewayFixture gateway)
{
    static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Prometheus_can_read_the_metrics()
    {
        using var answer = await gateway.GetAsync("/v1/jp/pools/main", "brand-1");

        var metrics = await gateway.Http.GetStringAsync("/metrics", Ct);

        Assert.Contains("\nhttp_server_request_duration_seconds_count{", metrics, StringComparison.Ordinal);
        Assert.Contains("\nhttp_client_request_duration_seconds_count{", metrics, StringComparison.Ordinal);
        Assert.Contains("service_name=\"jackpot-gateway\"", metrics, StringComparison.Ordinal);
        Assert.Contains("jackpot_region=\"north\"", metrics, StringComparison.Ordinal);
        await Promtool.AcceptsAsync(metrics, Ct);
    }

    [Theory]
    [InlineData("gateway_requests_forwarded_total", "brand-1")]
    [InlineData("gateway_requests_refused_total", "nobody-knows")]
    public async Task A_request_is_counted_once(string counter, string tenant)
    {
        using var first = await gateway.GetAsync("/v1/jp/pools/main", tenant);
        var before = await CountAsync(counter);

        using var second = await gateway.GetAsync("/v1/jp/pools/main", tenant);

        Assert.Equal(before + 1, await CountAsync(counter));
    }

    async Task<long> CountAsync(string counter) =>
        long.Parse((await gateway.Http.GetStringAsync("/metrics", Ct)).Split('\n').Single(line => line.StartsWith(counter + "{}", StringComparison.Ordinal))[(counter.Length + 2)..], CultureInfo.InvariantCulture);
}
