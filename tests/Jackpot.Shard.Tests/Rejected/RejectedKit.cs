using System.Text;
using System.Text.Json;
using Jackpot.Ledger.Telemetry;
using Jackpot.Shard.Rejected;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;

namespace Jackpot.Shard.Tests.Rejected;

/// <summary>What tests of rejected messages have in common.</summary>
internal static class RejectedKit
{
    public const string Why = """{"why":"the provider was asked"}""";

    public static RejectedMessages Messages(IServiceProvider services, TestLedger ledger, long rowsMax, long bytesMax = long.MaxValue) => new(
        ledger.Database, services.GetRequiredService<RejectedVault>(), services.GetRequiredService<ShardMetrics>(), ledger.Clock, NullLogger<RejectedMessages>.Instance)
    {
        RowsMax = rowsMax,
        BytesMax = bytesMax,
    };

    /// <summary>Hands bodies over as the region's gateway does.</summary>
    public static Task<EndpointAnswer> HandOverAsync(this TestEndpoints endpoints, string topic, params string[] bodies) =>
        endpoints.PostAsync("/internal/rejected", JsonSerializer.Serialize(new
        {
            messages = bodies.Select((body, i) => new { topic, tenant_id = TestLedger.Tenant, reason = "pool-unknown", detail = "no such pool", event_id = $"e{i}", body = Encoding.UTF8.GetBytes(body) }),
        }));

    public static async Task<List<JsonElement>> ListAsync(this TestEndpoints endpoints, string query = "") =>
        [.. (await endpoints.GetAsync("/v1/admin/rejected" + query)).Is(200).GetProperty("rejected").EnumerateArray()];

    /// <summary>The id of the only message that waits.</summary>
    public static async Task<long> OnlyAsync(this TestEndpoints endpoints) => Assert.Single(await endpoints.ListAsync("?state=waiting")).GetProperty("id").GetInt64();
}
