using System.Globalization;
using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Jackpot.LocalProcesses;
using Jackpot.TestKit;
using Npgsql;

namespace Jackpot.EndToEnd.Tests;

/// <summary>
/// A wallet that does whatever wallets do, at random, on credits and on questions alike, and stands still now and then, while shard and sidecars are killed:
/// credits equal awards one to one, and what is not credited is held with a reason.
/// </summary>
public sealed class HostileWalletTests(ITestOutputHelper output)
{
    const string Shard = "shard-eu-mt-1";
    const string Wallet = "wallet-eu-mt";
    const int AtOnce = 8;
    const int TriesMax = 400;
    const int ListMax = 1_000;

    static readonly int Payouts = Long.Count(60, 2_000);
    static readonly int Kills = Long.Count(2, 40);
    static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(100);
    static readonly TimeSpan PaidDeadline = TimeSpan.FromMinutes(Long.Count(3, 30));

    /// <summary>Nearly always shorter than the five seconds that are waited for a wallet, and now and then longer.</summary>
    static readonly (int UsuallyMs, int SometimesMs) Late = (400, Long.Count(6_000, 30_000));

    static readonly string[] OfBoth =
    [
        "timeout_before_effect", "timeout_after_effect", "error_before_effect", "error_after_effect", "reset_after_effect", "slow", "answer_about_another",
        "answer_with_another_amount", "answer_twice", "error_in_ok", "html_page",
    ];

    /// <summary>A refusal is believed, and one that is no refusal cannot be told from it; that somebody denies what they did is seen through by asking only.</summary>
    static readonly (string Calls, string[] Kinds)[] Faults = [("credits", [.. OfBoth, "refuse"]), ("queries", [.. OfBoth, "denies_all"])];

    static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Whatever_a_wallet_does_each_award_is_credited_once_or_held_with_its_reason()
    {
        var seed = int.TryParse(Environment.GetEnvironmentVariable("JACKPOT_SEED"), NumberStyles.None, CultureInfo.InvariantCulture, out var wanted) ? wanted : Random.Shared.Next();
        output.WriteLine($"seed {seed}; JACKPOT_SEED repeats its faults");
        var random = new Random(seed);
        await using var cluster = await JackpotCluster.UpAsync();
        await using var shard = cluster.Database("shard_eu_mt_1");
        await PlanFaultsAsync(cluster, random);

        var dropped = 0;
        var dropping = Parallel.ForEachAsync(Enumerable.Range(0, Payouts), new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = Ct }, async (i, _) =>
        {
            await DropAsync(cluster, i);
            Interlocked.Increment(ref dropped);
        });
        for (var kill = 0; kill < Kills; kill++)
        {
            await Eventually.TrueAsync(() => Volatile.Read(ref dropped) >= Payouts * (kill + 1) / (Kills + 1), PaidDeadline, "the next kill is due");
            await FreezeAsync(cluster, TimeSpan.FromMilliseconds(random.Next(200, 1_500)));
            await cluster.KillAsync(random.Next(2) == 0 ? Shard : "localdapr-eu-mt", 0);
        }

        await dropping;
        await Eventually.TrueAsync(
            async () => await shard.ScalarAsync("SELECT count(*) FROM payout WHERE state NOT IN ('credited', 'held')") == 0, PaidDeadline,
            $"seed {seed}: nothing is open; the shard's log:\n{cluster.Log(Shard)}");
        await AssertPaidOneToOneAsync(cluster, shard, seed);
        await shard.AssertBalancedAsync();
    }

    /// <summary>Enough that most credits meet one and many questions after them too, mixed with calls that are answered as they should be.</summary>
    static async Task PlanFaultsAsync(JackpotCluster cluster, Random random)
    {
        foreach (var (calls, kinds) in Faults)
        {
            for (var i = 0; i < Payouts * 3 / 2; i++)
            {
                var kind = random.Next(4) == 0 ? "slow" : kinds[random.Next(kinds.Length)];
                var late = random.Next(Payouts / 3) == 0 ? Late.SometimesMs : random.Next(1, Late.UsuallyMs);
                using var response = await cluster.Http.PostAsJsonAsync(
                    new Uri(cluster.Url(Wallet), "wallet-admin/faults"), new { kind, calls, count = 1, delay_ms = late, reason = "account_blocked" }, Ct);
                Assert.True(response.IsSuccessStatusCode, await response.Content.ReadAsStringAsync(Ct));
            }
        }
    }

    /// <summary>The wallet answers nothing for a while, and takes what came in between all at once.</summary>
    static async Task FreezeAsync(JackpotCluster cluster, TimeSpan time)
    {
        cluster.Signal(Wallet, UnixSignal.Stop);
        await Task.Delay(time, Ct);
        cluster.Signal(Wallet, UnixSignal.Continue);
    }

    static async Task DropAsync(JackpotCluster cluster, int i)
    {
        var (body, last) = (Bets.Json($"hostile-{i}", "quick-pot-main", amount: "400.00", player: $"player-{i}"), "");
        for (var attempt = 0; attempt < TriesMax; attempt++)
        {
            try
            {
                var (status, answer) = await cluster.SendAsync(cluster.Url("gateway-eu-mt"), body);
                if (status == HttpStatusCode.OK)
                {
                    return;
                }

                last = $"{(int)status} {answer}";
                Assert.True((int)status >= 500, last);
            }
            catch (Exception e) when (e is HttpRequestException or IOException or TaskCanceledException && !Ct.IsCancellationRequested)
            {
                last = e.Message;
            }

            await Task.Delay(Pause, Ct);
        }

        throw new InvalidOperationException($"bet {i} was not answered in {TriesMax} tries; last: {last}");
    }

    async Task AssertPaidOneToOneAsync(JackpotCluster cluster, NpgsqlDataSource shard, int seed)
    {
        Assert.Equal(Payouts, await shard.ScalarAsync("SELECT count(*) FROM award"));
        var credited = await RowsAsync(shard, "SELECT concat_ws(' ', payout_id, player_id, (amount / 1000000.0)::numeric(20, 2)) FROM payout WHERE state = 'credited'");
        var held = await RowsAsync(shard, "SELECT payout_id || ' ' || coalesce(hold_cause, '') || ' ' || coalesce(reason, '') FROM payout WHERE state = 'held'");
        output.WriteLine($"{credited.Count} credited, {held.Count} held; attempts: {await shard.ScalarAsync("SELECT sum(attempts) FROM payout")}, left of the wallet's faults: {await WaitingFaultsAsync(cluster)}");
        var transactions = await TransactionsAsync(cluster);
        Assert.Equal(
            credited.Order(StringComparer.Ordinal),
            transactions.Where(row => Text(row, "status") == "done")
                .Select(row => string.Create(CultureInfo.InvariantCulture, $"{Text(row, "transaction_id")} {Text(row, "player_id")} {row.GetProperty("amount").GetDecimal():0.00}")).Order(StringComparer.Ordinal));
        Assert.All(held, row => Assert.True(row.EndsWith(" wallet_refused account_blocked", StringComparison.Ordinal), $"seed {seed}: {row}"));
        Assert.Equal(
            held.Select(row => row.Split(' ')[0]).Order(StringComparer.Ordinal),
            transactions.Where(row => Text(row, "status") == "refused").Select(row => Text(row, "transaction_id")).Order(StringComparer.Ordinal));
        Assert.True(credited.Count > Payouts / 2, $"seed {seed}: only {credited.Count} of {Payouts} were credited");
    }

    static async Task<int> WaitingFaultsAsync(JackpotCluster cluster) =>
        (await cluster.GetAsync(new Uri(cluster.Url(Wallet), "wallet-admin/faults"))).GetProperty("waiting").GetInt32();

    static async Task<List<JsonElement>> TransactionsAsync(JackpotCluster cluster)
    {
        var all = new List<JsonElement>();
        for (long after = 0; ;)
        {
            var page = await cluster.GetAsync(new Uri(cluster.Url(Wallet), $"wallet/transactions?limit={ListMax}&after={after}"));
            all.AddRange(page.GetProperty("transactions").EnumerateArray());
            if (page.GetProperty("transactions").GetArrayLength() < ListMax)
            {
                return all;
            }

            after = all[^1].GetProperty("position").GetInt64();
        }
    }

    static async Task<List<string>> RowsAsync(NpgsqlDataSource database, string sql)
    {
        await using var command = database.CreateCommand(sql);
        await using var reader = await command.ExecuteReaderAsync(Ct);
        var rows = new List<string>();
        while (await reader.ReadAsync(Ct))
        {
            rows.Add(reader.GetString(0));
        }

        return rows;
    }

    static string Text(JsonElement row, string property) => row.GetProperty(property).GetString()!;
}
