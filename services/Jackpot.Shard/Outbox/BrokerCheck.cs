using System.Globalization;
using Dapr.Client;
using Jackpot.Ledger.Outbox;
using Jackpot.Shard.Sidecar;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Npgsql;

namespace Jackpot.Shard.Outbox;

/// <summary>
/// Whether the broker takes events. The replica that publishes knows; the others see that events wait. Bets need no broker, so that its absence is named
/// but keeps no traffic away. While the sidecar is away nobody knows, and its own check says enough.
/// </summary>
internal sealed class BrokerCheck(OutboxPublisher publisher, DaprClient dapr, NpgsqlDataSource database, TimeProvider clock) : IHealthCheck
{
    /// <summary>An event that waits longer is not on its way any more, whoever publishes.</summary>
    static readonly TimeSpan WaitMax = TimeSpan.FromSeconds(5);

    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        if (!await SidecarCheck.IsThereAsync(dapr, cancellationToken))
        {
            return HealthCheckResult.Healthy();
        }

        if (publisher.Fault is { } fault)
        {
            return HealthCheckResult.Degraded($"the broker is away: bets are taken, events wait; it last said: {fault}");
        }

        var waits = await OutboxTable.OldestAsync(database, cancellationToken) is { } oldest ? clock.GetUtcNow() - oldest : TimeSpan.Zero;
        return waits <= WaitMax
            ? HealthCheckResult.Healthy()
            : HealthCheckResult.Degraded(string.Create(
                CultureInfo.InvariantCulture, $"the broker is away, or slow: bets are taken, the oldest event has waited for {waits.TotalSeconds:0} s"));
    }
}
