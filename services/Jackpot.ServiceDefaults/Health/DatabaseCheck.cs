using System.Data.Common;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Npgsql;

namespace Jackpot.ServiceDefaults.Health;

/// <summary>PostgreSQL answers a query.</summary>
public sealed class DatabaseCheck(NpgsqlDataSource database) : IHealthCheck
{
    /// <summary>Never throws for a database that is away: that is an answer.</summary>
    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        try
        {
            await using var command = database.CreateCommand("SELECT 1");
            await command.ExecuteNonQueryAsync(cancellationToken);
            return HealthCheckResult.Healthy();
        }
        catch (Exception away) when (away is DbException or OperationCanceledException)
        {
            return HealthCheckResult.Unhealthy($"the database does not answer: {away.Message}", away);
        }
    }
}
