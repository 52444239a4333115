using System.Net;
using Jackpot.TestKit;
using Npgsql;

namespace Jackpot.EndToEnd.Tests;

/// <summary>The sidecar's jobs move an old day of contributions into the archive, and back when somebody asks for it.</summary>
[Trait("Rule", "R58")]
[Trait("Rule", "R59")]
public sealed class ArchiveTests : IDisposable
{
    const int OldBets = 21;
    static readonly TimeSpan Deadline = TimeSpan.FromSeconds(60);

    readonly string _folder = Directory.CreateTempSubdirectory("jackpot-archive-").FullName;

    static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_job_moves_an_old_day_and_asking_for_it_brings_it_back_while_bets_are_answered_as_ever()
    {
        await using var cluster = await JackpotCluster.UpWithAsync(new Dictionary<string, string?>
        {
            ["Shard__BalancingInterval"] = "00:00:01", ["Shard__ArchiveInterval"] = "00:00:01", ["Shard__ArchivePath"] = _folder,
        });
        await using var database = cluster.Database("shard_eu_mt_1");
        for (var i = 0; i < OldBets; i++)
        {
            // The last one carries the must-drop pool over any threshold.
            await BetAsync(cluster, $"old-{i}", amount: i == OldBets - 1 ? "400.00" : "2.00");
        }

        await Eventually.TrueAsync(() => IsAsync(database, $"SELECT sum(count) = {OldBets} FROM contribution_day"), Deadline, "the bets are counted");
        var (before, export) = await ExportAsync(cluster);
        Assert.True(before == HttpStatusCode.OK, export);
        await AgeAsync(database);
        var fresh = Bets.Json("fresh", "quick-pot-main");
        var answer = await SendAsync(cluster, fresh);

        await Eventually.TrueAsync(() => IsAsync(database, "SELECT state = 'dropped' FROM archived_partition"), Deadline, Explain(cluster, "the job archives the day"));
        Assert.True(await IsAsync(database, $"SELECT rows = {OldBets} AND (SELECT count(*) FROM contribution) = 1 FROM archived_partition"));
        Assert.Single(Directory.GetFiles(_folder, "contribution-*.csv.gz"));
        Assert.Equal(answer, await SendAsync(cluster, fresh));

        // From here on only the job that asking for rows schedules can bring them back.
        var job = new Uri(cluster.Sidecar("shard-eu-mt-1"), "v1.0/jobs/archive-due-eu-mt-1");
        Assert.Equal("@every 0h0m1s0ms", (await cluster.GetAsync(job)).GetProperty("schedule").GetString());
        using (var removed = await cluster.Http.DeleteAsync(job, Ct))
        {
            Assert.Equal(HttpStatusCode.NoContent, removed.StatusCode);
        }

        Assert.Equal(HttpStatusCode.ServiceUnavailable, (await ExportAsync(cluster)).Status);
        await Eventually.TrueAsync(async () => (await ExportAsync(cluster)).Status == HttpStatusCode.OK, Deadline, Explain(cluster, "the rows are back"));
        Assert.Equal(export, (await ExportAsync(cluster)).Body);
        Assert.Equal(answer, await SendAsync(cluster, fresh));
        Assert.True(await IsAsync(database, "SELECT count(*) = 0 FROM balancing_incident"), "the books differed meanwhile");
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    static string Explain(JackpotCluster cluster, string what) => $"{what}; the shard's log:\n{cluster.Log("shard-eu-mt-1")}";

    static Task<string> BetAsync(JackpotCluster cluster, string key, string amount) => SendAsync(cluster, Bets.Json(key, "quick-pot-main", amount));

    static async Task<string> SendAsync(JackpotCluster cluster, string body)
    {
        var (status, answer) = await cluster.SendAsync(cluster.Url("gateway-eu-mt"), body);
        Assert.True(status == HttpStatusCode.OK, answer);
        return answer;
    }

    static async Task<(HttpStatusCode Status, string Body)> ExportAsync(JackpotCluster cluster)
    {
        using var response = await cluster.Http.GetAsync(new Uri(cluster.Url("shard-eu-mt-1"), "v1/audit/pools/quick-pot-main/cycles/1/export"), Ct);
        return (response.StatusCode, await response.Content.ReadAsStringAsync(Ct));
    }

    /// <summary>Makes everything that was recorded so far as old as if the shard had run for 401 days.</summary>
    static async Task AgeAsync(NpgsqlDataSource database)
    {
        await using var command = database.CreateCommand("""
            DO $$ BEGIN
                PERFORM jp_create_contribution_partition((clock_timestamp() AT TIME ZONE 'UTC')::date - 401);
                UPDATE contribution SET day = day - 401;
                UPDATE batch SET day = day - 401;
                UPDATE contribution_day SET day = day - 401;
            END $$
            """);
        await command.ExecuteNonQueryAsync(Ct);
    }

    static async Task<bool> IsAsync(NpgsqlDataSource database, string question)
    {
        await using var command = database.CreateCommand(question);
        return await command.ExecuteScalarAsync(Ct) is true;
    }
}
