using System.Net;
using System.Net.Http.Json;
using System.Net.Sockets;
using Jackpot.LocalProcesses;
using Jackpot.LocalProcesses.Programs;
using Jackpot.TestKit;

namespace Jackpot.Cli.Tests.Up;

/// <summary>Whole clusters of real processes.</summary>
public sealed class UpTests
{
    static readonly TimeSpan Deadline = TimeSpan.FromMinutes(2);

    [Fact]
    public async Task What_was_killed_comes_back_and_down_leaves_nothing()
    {
        var cluster = await LocalCluster.StartAsync();
        var pids = new List<int>();
        await using (cluster)
        {
            foreach (var name in (string[])["wallet-eu-mt", "gateway-eu-mt", "postgres-eu-mt"])
            {
                await cluster.KillAndAwaitRestartAsync(name, TimeSpan.FromSeconds(30));
            }
            using var http = new HttpClient { BaseAddress = new Uri(cluster.Url("wallet-eu-mt")) };
            await Eventually.TrueAsync(async () => (await http.GetAsync("/readyz")).IsSuccessStatusCode, TimeSpan.FromSeconds(30), "the wallet on the restarted database");
            pids.AddRange(cluster.ProcessNames.Select(name => cluster.ProcessId(name)).OfType<int>());
            Assert.Equal(cluster.ProcessNames.Count, pids.Count);

            await cluster.DownAsync();
            Assert.DoesNotContain(pids, UnixSignal.IsAlive);
        }
        Assert.False(Directory.Exists(cluster.RunDirectory));
    }

    [Fact]
    public async Task Bets_are_taken_again_after_kill_9_of_postgres()
    {
        const int BetsThatPrepareEveryStatement = 40;
        await using var cluster = await LocalCluster.StartAsync();
        using var http = new HttpClient { BaseAddress = new Uri(cluster.Url("gateway-eu-mt")) };
        http.DefaultRequestHeaders.Add("X-Tenant-Id", "brand-42");
        for (var bet = 0; bet < BetsThatPrepareEveryStatement; bet++)
        {
            Assert.True(await BetAsync(http, bet));
        }

        await cluster.KillAndAwaitRestartAsync("postgres-eu-mt", TimeSpan.FromSeconds(30));

        await Eventually.TrueAsync(() => BetAsync(http, BetsThatPrepareEveryStatement), TimeSpan.FromSeconds(30), "a bet being accepted");
    }

    static async Task<bool> BetAsync(HttpClient http, int number)
    {
        using var answer = await http.PostAsJsonAsync("/v1/jp/contributions", new
        {
            jp_contrib_id = $"bet-{number}", tenant_id = "brand-42", pool_id = "euro-spins-main", player_id = "player-1", game_id = "starlight",
            round_id = $"round-{number}", bet = new { amount = 2.00m, currency = "EUR" }, occurred_at = DateTimeOffset.UtcNow, idempotency_key = $"key-{number}",
        });
        return answer.IsSuccessStatusCode;
    }

    [Fact]
    public async Task A_second_up_finds_yesterdays_data_again()
    {
        await using var first = await LocalCluster.StartAsync();
        Assert.Contains("euro-spins created", first.UpOutput, StringComparison.Ordinal);
        await first.DownAsync();

        await using var second = await LocalCluster.StartAsync(runDirectory: first.RunDirectory);

        Assert.Contains("euro-spins was there already", second.UpOutput, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_port_in_use_is_one_line_that_names_it_and_nothing_is_started()
    {
        var firstPort = FreePort.NextRange(60);
        using var occupant = new TcpListener(IPAddress.Loopback, firstPort + 5);
        occupant.Start();

        var failure = await FailingUpAsync(["--base-port", $"{firstPort}"]);

        Assert.Contains($"port {firstPort + 5} (", failure, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_broken_component_file_is_one_line_that_names_it_and_nothing_is_left_running()
    {
        var broker = $"broken-{Guid.NewGuid():N}";
        var folder = Directory.CreateDirectory(Path.Combine(RepositoryFolder.Root, "components", broker));
        try
        {
            await File.WriteAllTextAsync(Path.Combine(folder.FullName, "pubsub.yaml"), "apiVersion: dapr.io/v1alpha1\nkind: Component\nmetadata:\n  name: pubsub\nspec:\n  type: pubsub.carrier-pigeon\n  version: v1\n", TestContext.Current.CancellationToken);

            var failure = await FailingUpAsync(["--free-ports", "--broker", broker]);

            Assert.Contains("localdapr", failure, StringComparison.Ordinal);
            Assert.Contains("pubsub.yaml", failure, StringComparison.Ordinal);
            Assert.Contains("carrier-pigeon", failure, StringComparison.Ordinal);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    [Fact]
    public async Task Daprd_without_its_binaries_is_one_line_that_names_what_is_missing() =>
        Assert.Contains("daprd", await FailingUpAsync(["--free-ports", "--sidecar", "daprd"]), StringComparison.Ordinal);

    /// <summary>Runs `up`, expects it to fail, and answers its one line; the supervisor and its processes must be gone.</summary>
    static async Task<string> FailingUpAsync(string[] options)
    {
        Needs.Program(NeededProgram.PostgreSql);
        var run = Directory.CreateTempSubdirectory("jackpot-up-");
        var brokers = ((string[])["EU_MT", "UK_GB", "NETWORK"]).ToDictionary(place => "JACKPOT_BROKER_URL_" + place, place => (string?)$"amqp://{place}:{place}@127.0.0.1/{place}");
        await using var up = ChildProcess.StartDotnet(
            RepositoryFolder.BuiltDll("services/Jackpot.Cli"), ["up", "--no-build", "--configuration", RepositoryFolder.Configuration, "--run-dir", run.FullName, .. options], brokers);
        Assert.Equal(ExitCodes.Failed, await up.ExitAsync(Deadline));
        Assert.False(File.Exists(Path.Combine(run.FullName, "cluster.json")));
        Assert.DoesNotContain(Directory.GetDirectories("/proc").Select(process => CommandLine(process)), command => command.Contains(run.FullName, StringComparison.Ordinal));
        run.Delete(recursive: true);
        return Assert.Single(up.Output.Split('\n'), line => line.StartsWith("jackpot: ", StringComparison.Ordinal));
    }

    static string CommandLine(string process)
    {
        try
        {
            return File.ReadAllText(Path.Combine(process, "cmdline"));
        }
        catch (IOException)
        {
            return "";
        }
    }
}
