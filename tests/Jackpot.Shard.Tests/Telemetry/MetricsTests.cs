using Jackpot.Ledger.Contributions;
using Jackpot.Ledger.Telemetry;
using Jackpot.TestKit;
using Microsoft.Extensions.DependencyInjection;

namespace Jackpot.Shard.Tests.Telemetry;

public sealed class MetricsTests(PostgresFixture postgres) : IClassFixture<PostgresFixture>
{
    [Fact]
    public async Task Prometheus_can_read_every_metric()
    {
        await using var ledger = await TestLedger.CreateAsync(postgres);
        await using var endpoints = await TestEndpoints.OpenAsync(ledger, metrics: true);
        await ledger.CreateJackpotAsync(TestLedger.Quiet("quiet"));
        (await endpoints.BetAsync("quiet", "k1")).Is(200);
        CountEverything(endpoints.Services.GetRequiredService<ShardMetrics>());

        var metrics = (await endpoints.GetAsync("/metrics")).Body;

        Assert.All(
            (string[])["jackpot_contributions_total", "jackpot_batch_size_bucket", "jackpot_batch_seconds_bucket", "jackpot_stream_bets_total", "jackpot_outbox_rows_published_total",
                "jackpot_balancing_runs_total", "jackpot_balancing_incidents_total", "jackpot_balancing_seconds_bucket",
                "http_server_request_duration_seconds_count", "db_client_operation_duration_seconds_count", "dotnet_gc_collections_total", "target_info"],
            name => Assert.Contains("\n" + name, metrics, StringComparison.Ordinal));
        Assert.Contains("jackpot_region=\"eu-mt\"", metrics, StringComparison.Ordinal);
        Assert.Contains($"jackpot_shard=\"{TestLedger.Shard}\"", metrics, StringComparison.Ordinal);
        Assert.DoesNotContain("Password", metrics, StringComparison.OrdinalIgnoreCase);
        await Promtool.AcceptsAsync(metrics, TestContext.Current.CancellationToken);
    }

    static void CountEverything(ShardMetrics metrics)
    {
        metrics.BatchAnswered([.. Enum.GetValues<RecordedKind>().Select(kind => new RecordedContribution { Kind = kind })], TimeSpan.FromMilliseconds(3));
        metrics.BetsStreamed(1, "taken");
        metrics.RowsPublished(1);
        metrics.BalancingRan(TimeSpan.FromSeconds(1), differing: 1);
        metrics.BalancingIncident();
    }
}
