using Jackpot.Wallet.Storage;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Jackpot.Wallet.Health;

/// <summary>The wallet has made its tables.</summary>
sealed class SchemaCheck(WalletSchema schema) : IHealthCheck
{
    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default) =>
        Task.FromResult(schema.IsApplied ? HealthCheckResult.Healthy() : HealthCheckResult.Unhealthy("the tables are not there yet"));
}
