using Jackpot.TestKit;
using Npgsql;

namespace Jackpot.EndToEnd.Tests;

/// <summary>`jackpot audit verify` on a running cluster: whole as it is, and each entry named that whoever owns the database has touched.</summary>
[Collection(ClusterCollection.Name)]
public sealed class AuditTests(ClusterFixture fixture)
{
    const string Shard = "eu-mt-1";

    static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    [Trait("Rule", "R23")]
    public async Task A_sealed_log_is_verified_and_a_change_of_it_is_named()
    {
        await using var database = fixture.Cluster.Database("shard_eu_mt_1");
        string[] verify = ["audit", "verify", "--shard-url", $"{fixture.Cluster.Url("shard-" + Shard)}"];
        var stored = Path.Combine(fixture.Cluster.RunDirectory, "eu-mt", "audit-store");
        await Eventually.TrueAsync(() => Directory.Exists(Path.Combine(stored, Shard)), what: "the first seal in the store");

        var (exitCode, output) = await fixture.Cluster.RunAsync([.. verify, "--replay", "--store", stored]);
        Assert.True(exitCode == 0, output);
        Assert.Contains("Log, chain, seals and signatures agree.", output, StringComparison.Ordinal);
        var before = await ScalarAsync(database, "SELECT count(*) FROM audit_seal");
        Assert.Equal(before, Directory.GetFiles(Path.Combine(stored, Shard)).Length);

        // Under a seal are the entries that were there when the shard started: of the demo jackpots there may be none yet.
        await ExecuteAsync(database, "ALTER TABLE audit_seal DISABLE TRIGGER USER; CREATE TABLE kept_seal AS SELECT * FROM audit_seal");
        await ExecuteAsync(database, "UPDATE audit_seal SET document = replace(document, '\"number\":1,', '\"number\":2,')");
        try
        {
            (exitCode, output) = await fixture.Cluster.RunAsync(verify);
            Assert.Equal(1, exitCode);
            Assert.Contains("seal 2: not signed by key", output, StringComparison.Ordinal);
            Assert.Contains("seal 2: does not follow the seal before it", output, StringComparison.Ordinal);
        }
        finally
        {
            await ExecuteAsync(database, "DELETE FROM audit_seal; INSERT INTO audit_seal SELECT * FROM kept_seal; DROP TABLE kept_seal; ALTER TABLE audit_seal ENABLE TRIGGER USER");
        }
    }

    static async Task ExecuteAsync(NpgsqlDataSource database, string sql)
    {
        await using var command = database.CreateCommand(sql);
        await command.ExecuteNonQueryAsync(Ct);
    }

    static async Task<long> ScalarAsync(NpgsqlDataSource database, string sql)
    {
        await using var command = database.CreateCommand(sql);
        return (long)(await command.ExecuteScalarAsync(Ct))!;
    }
}
