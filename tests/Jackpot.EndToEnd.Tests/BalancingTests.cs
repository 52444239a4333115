using System.Net;
using Jackpot.TestKit;
using Npgsql;

namespace Jackpot.EndToEnd.Tests;

/// <summary>The sidecar's job balances the books without anybody asking.</summary>
[Trait("Rule", "R51")]
public sealed class BalancingTests
{
    static readonly TimeSpan Deadline = TimeSpan.FromSeconds(60);

    [Fact]
    public async Task The_job_balances_again_and_again_and_stops_a_jackpot_whose_books_differ()
    {
        await using var cluster = await JackpotCluster.UpWithAsync(new Dictionary<string, string?> { ["Shard__BalancingInterval"] = "00:00:01" });
        var gateway = cluster.Url("gateway-eu-mt");
        await using var database = cluster.Database("shard_eu_mt_1");
        Assert.Equal(HttpStatusCode.OK, (await cluster.SendAsync(gateway, Bets.Json("before"))).Status);
        await Eventually.TrueAsync(() => IsAsync(database, "SELECT count(*) >= 2 FROM balancing_run WHERE jackpots > 0 AND differences = 0"), Deadline, "the job ran twice");

        await using (var damage = database.CreateCommand(
            "UPDATE pool_state s SET reserve = reserve + 1 FROM pool p WHERE p.id = s.id AND p.pool_id = 'euro-spins-main'"))
        {
            await damage.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);
        }

        await Eventually.TrueAsync(() => IsAsync(database, "SELECT count(*) = 1 FROM balancing_incident"), Deadline, "the incident is raised");
        Assert.Equal(HttpStatusCode.Conflict, (await cluster.SendAsync(gateway, Bets.Json("refused"))).Status);
        Assert.Equal(HttpStatusCode.OK, (await cluster.SendAsync(gateway, Bets.Json("taken", pool: "quick-pot-main"))).Status);
        await Eventually.TrueAsync(() => IsAsync(database, "SELECT count(*) = 0 FROM outbox WHERE kind = 'audit.balancing.incident'"), Deadline, "the event is published");
    }

    static async Task<bool> IsAsync(NpgsqlDataSource database, string question)
    {
        await using var command = database.CreateCommand(question);
        return (bool)(await command.ExecuteScalarAsync(TestContext.Current.CancellationToken))!;
    }
}
