using Jackpot.TestKit;
using static Jackpot.Wallet.Tests.WalletFixture;

namespace Jackpot.Wallet.Tests.Telemetry;

public sealed class MetricsTests(WalletFixture wallet)
{
    [Fact]
    public async Task Prometheus_can_read_the_metrics()
    {
        await wallet.PostAsync(Credit(wallet.NextId("payout"), wallet.NextId("player"), 1m));

        var metrics = await wallet.Http.GetStringAsync("/metrics", TestContext.Current.CancellationToken);

        Assert.Contains("\nwallet_answers_total{status=\"done\"} ", metrics, StringComparison.Ordinal);
        Assert.Contains("\ndb_client_operation_duration_seconds_count{db_client_connection_pool_name=\"wallet\"", metrics, StringComparison.Ordinal);
        Assert.Contains("service_name=\"jackpot-wallet\"", metrics, StringComparison.Ordinal);
        await Promtool.AcceptsAsync(metrics, TestContext.Current.CancellationToken);
    }
}
