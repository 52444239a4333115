using Jackpot.TestKit;

namespace Jackpot.EndToEnd.Tests;

/// <summary>A shard has tables analysed of which PostgreSQL knows nothing.</summary>
[Collection(ClusterCollection.Name)]
public sealed class StatisticsTests(ClusterFixture fixture)
{
    [Fact]
    public async Task A_shard_that_has_started_has_had_its_tables_analysed()
    {
        await using var database = fixture.Cluster.Database("shard_eu_mt_1");
        // Autovacuum leaves its mark in another column, and this table alone: it is too small.
        await using var command = database.CreateCommand("SELECT last_analyze IS NOT NULL FROM pg_stat_user_tables WHERE relname = 'schema_version'");
        await Eventually.TrueAsync(async () => await command.ExecuteScalarAsync(TestContext.Current.CancellationToken) is true, TimeSpan.FromSeconds(30), "statistics of schema_version");
    }
}
