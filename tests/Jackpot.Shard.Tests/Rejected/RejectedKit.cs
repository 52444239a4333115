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

    /// <summary>Has the shard keep bodies; false when it does not.</summary>
    public static Task<bool> HandOverAsync(this TestEndpoints endpoints, string topic, params string[] bodies) => endpoints.Services.GetRequiredService<RejectedMessages>().TryKeepAsync(
        [.. bodies.Select((body, i) => new RejectedMessage(topic, TestLedger.Tenant, "pool-unknown", "no such pool", $"e{i}", Encoding.UTF8.GetBytes(body)))], TestContext.Current.CancellationToken);

    public static async Task<List<JsonElement>> ListAsync(this TestEndpoints endpoints, string query = "") =>
        [.. (await endpoints.GetAsync("/v1/admin/rejected" + query)).Is(200).GetProperty("rejected").EnumerateArray()];

    /// <summary>The id of the only message that waits.</summary>
    public static async Task<long> OnlyAsync(this TestEndpoints endpoints) => Assert.Single(await endpoints.ListAsync("?state=waiting")).GetProperty("id").GetInt64();
}
