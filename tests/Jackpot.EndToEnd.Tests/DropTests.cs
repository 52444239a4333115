using System.Net;
using System.Security.Cryptography;
using System.Text.Json;
using Jackpot.TestKit;

namespace Jackpot.EndToEnd.Tests;

public abstract class DropTests(JackpotCluster cluster)
{
    const int BetsMax = 400;

    static CancellationToken Ct => TestContext.Current.CancellationToken;

    JackpotCluster Cluster => cluster;

    [Fact]
    public async Task A_must_drop_pool_falls_once_is_paid_once_and_can_be_verified_by_anybody()
    {
        var gateway = Cluster.Url("gateway-eu-mt");
        var before = await PoolAsync(gateway);
        var (cycle, commitment) = (before.GetProperty("cycle").GetInt32(), before.GetProperty("commitment").GetString());

        var award = await PlayUntilItFallsAsync(gateway);
        var awardId = award.GetProperty("award_id").GetString()!;
        var amount = award.GetProperty("amount").GetProperty("amount").GetDecimal();

        Assert.InRange(amount, 10.00m, 12.00m);
        Assert.Equal(decimal.Round(amount, 2), amount);
        await Eventually.TrueAsync(async () => await PayoutStateAsync(gateway, awardId) == "credited", TimeSpan.FromSeconds(30),
            "the payout was credited; the shard's log:\n" + Cluster.Log("shard-eu-mt-1"));
        await AssertOneCreditAsync(awardId, amount);
        await AssertBackAtSeedAsync(gateway, cycle + 1);
        await AssertCommitmentKeptAsync(gateway, cycle, commitment!);
        await AssertVerifiableAsync(cycle);
        await AssertReplayableAsync();
    }

    async Task<JsonElement> PlayUntilItFallsAsync(Uri gateway)
    {
        for (var i = 0; i < BetsMax; i++)
        {
            var (status, body) = await Cluster.SendAsync(gateway, Bets.Json($"drop-{i}", "quick-pot-main", player: $"player-{i}"));
            Assert.True(status == HttpStatusCode.OK, body);
            if (JsonElement.Parse(body).TryGetProperty("awards", out var awards))
            {
                return awards.EnumerateArray().Single();
            }
        }

        throw new InvalidOperationException($"The pool did not fall within {BetsMax} bets of EUR 2.00.");
    }

    Task<JsonElement> PoolAsync(Uri gateway) => Cluster.GetAsync(new Uri(gateway, "v1/jp/pools/quick-pot-main"), Bets.Tenant);

    async Task<string?> PayoutStateAsync(Uri gateway, string awardId) =>
        (await Cluster.GetAsync(new Uri(gateway, "v1/awards/" + awardId), Bets.Tenant)).GetProperty("payout").GetProperty("state").GetString();

    /// <summary>Counted in the wallet's own list, not in ours.</summary>
    async Task AssertOneCreditAsync(string awardId, decimal amount)
    {
        var list = await Cluster.GetAsync(new Uri(Cluster.Url("wallet-eu-mt"), "wallet/transactions?limit=1000"));
        var credits = list.GetProperty("transactions").EnumerateArray()
            .Where(row => row.GetProperty("transaction_id").GetString() == "payout-" + awardId).ToList();
        Assert.Equal(amount, Assert.Single(credits).GetProperty("amount").GetDecimal());
    }

    async Task AssertBackAtSeedAsync(Uri gateway, int cycle)
    {
        var pool = await PoolAsync(gateway);
        Assert.Equal(cycle, pool.GetProperty("cycle").GetInt32());
        Assert.InRange(pool.GetProperty("amount").GetProperty("amount").GetDecimal(), 5.00m, 5.009999m);
    }

    async Task AssertCommitmentKeptAsync(Uri gateway, int dropped, string commitment)
    {
        var cycles = (await Cluster.GetAsync(new Uri(gateway, "v1/jp/jackpots/quick-pot/cycles"), Bets.Tenant)).GetProperty("cycles");
        var first = cycles.EnumerateArray().Single(cycle => cycle.GetProperty("cycle").GetInt32() == dropped);
        Assert.Equal(commitment, first.GetProperty("commitment").GetString());
        Assert.Equal(commitment, Convert.ToHexStringLower(SHA256.HashData(Convert.FromHexString(first.GetProperty("secret").GetString()!))));
    }

    async Task AssertVerifiableAsync(int cycle)
    {
        var export = await Cluster.Http.GetStringAsync(
            new Uri(Cluster.Replicas("shard-eu-mt-1")[0], $"v1/audit/pools/quick-pot-main/cycles/{cycle}/export"), Ct);
        var (exitCode, output) = await VerifyAsync(export);
        Assert.True(exitCode == 0, output);

        // One bet that was a little smaller than the platform says: every later hash disagrees.
        (exitCode, output) = await VerifyAsync(export.Replace("\"stake\":2.00", "\"stake\":1.99", StringComparison.Ordinal));
        Assert.True(exitCode == 1 && output.Contains("RootMismatch", StringComparison.Ordinal), output);
    }

    async Task AssertReplayableAsync()
    {
        var (exitCode, output) = await JackpotAsync("replay", "quick-pot", "--shard-url", Cluster.Replicas("shard-eu-mt-1")[0].ToString());
        Assert.True(exitCode == 0 && output.Contains("Every hash, amount, award and balance agrees.", StringComparison.Ordinal), output);

        (exitCode, output) = await JackpotAsync("replay", "no-such-pot", "--shard-url", Cluster.Replicas("shard-eu-mt-1")[0].ToString());
        Assert.True(exitCode == 1 && output.Contains("no shard has a jackpot 'no-such-pot'", StringComparison.Ordinal), output);
    }

    static async Task<(int ExitCode, string Output)> VerifyAsync(string export)
    {
        var file = Path.GetTempFileName();
        try
        {
            await File.WriteAllTextAsync(file, export, Ct);
            return await JackpotAsync("verify", file);
        }
        finally
        {
            File.Delete(file);
        }
    }

    static async Task<(int ExitCode, string Output)> JackpotAsync(params string[] args)
    {
        await using var command = ChildProcess.StartDotnet(RepositoryFolder.BuiltDll("services/Jackpot.Cli"), args);
        return (await command.ExitAsync(TimeSpan.FromSeconds(30)), command.Output);
    }
}

[Collection(ClusterCollection.Name)]
public sealed class DropOnPostgresTests(ClusterFixture fixture) : DropTests(fixture.Cluster);

[Collection(RabbitClusterCollection.Name)]
public sealed class DropOnRabbitTests(RabbitClusterFixture fixture) : DropTests(fixture.Cluster);
