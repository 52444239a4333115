using System.Text.Json.Nodes;
using Jackpot.Bench.Brokers;
using Jackpot.Bench.Subscribers;
using Npgsql;

namespace Jackpot.Bench.Bed;

/// <summary>The cluster under test, as `jackpot up` starts it: default durability, a real shard behind LocalDapr, the gateway.</summary>
sealed class TestBed : IAsyncDisposable
{
    const string Region = "eu-mt";
    const string ShardName = "shard-eu-mt-1";

    /// <summary>With this the shard may leave out one safety feature for jackpots of certain names; see the shard's BenchSwitches.</summary>
    const string SwitchesVariable = "JACKPOT_BENCH";

    readonly BenchOptions _options;

    TestBed(BenchOptions options, JsonNode cluster, BaselineBed baseline)
    {
        _options = options;
        Baseline = baseline;
        Shard = new Uri((string)cluster["urls"]![ShardName]!);
        Gateway = new Uri((string)cluster["urls"]!["gateway-eu-mt"]!);
        ShardDatabase = (string)cluster["databases"]!["shard_eu_mt_1"]!;
    }

    internal Uri Shard { get; }
    internal Uri Gateway { get; }
    internal string ShardDatabase { get; }
    internal BaselineBed Baseline { get; }

    /// <summary>The sidecar of the application that the bench itself is.</summary>
    internal Uri OwnSidecar
    {
        get
        {
            var sidecars = JsonNode.Parse(File.ReadAllText(Path.Combine(_options.RunDirectory, Region, "sidecars.json")))!["sidecars"]!.AsArray();
            return new($"http://127.0.0.1:{sidecars.Single(sidecar => (string?)sidecar!["appId"] == SubscriberProbe.AppId)!["httpPort"]}");
        }
    }

    /// <param name="broker">In place of the local one.</param>
    internal static async Task<TestBed> StartAsync(BenchOptions options, SubscriberProbe probe, StreamBroker? broker = null)
    {
        Environment.SetEnvironmentVariable(SwitchesVariable, "1");
        foreach (var (name, value) in broker?.Variables ?? new Dictionary<string, string>())
        {
            Environment.SetEnvironmentVariable(name, value);
        }
        await JackpotAsync(
            options, ["up", .. broker is null ? (string[])[] : ["--broker", broker.Component], "--no-build", "--free-ports", "--region", Region, "--parent-pid", $"{Environment.ProcessId}", "--app", $"{SubscriberProbe.AppId}={probe.Port}"]);
        try
        {
            return new TestBed(options, ReadCluster(options), await BaselineBed.StartAsync());
        }
        catch
        {
            await JackpotAsync(options, "down");
            throw;
        }
    }

    internal int ProcessId(string name) =>
        (int?)ReadCluster(_options)["processes"]!.AsArray().Single(process => (string?)process!["name"] == name)!["identity"]?["pid"] ?? 0;

    internal int ShardProcessId => ProcessId(ShardName);

    /// <summary>User and system CPU time so far of everything that serves contributions: shard, LocalDapr, gateway, and PostgreSQL with its backends.</summary>
    internal TimeSpan ServerCpu()
    {
        var roots = ((string[])[ShardName, "localdapr-eu-mt", "gateway-eu-mt", "postgres-eu-mt"]).Select(ProcessId).Where(pid => pid > 0).ToArray();
        return CpuClock.Of(roots);
    }

    /// <summary>The first value of the answer as text; statements that take minutes are waited for.</summary>
    internal async Task<string> ScalarAsync(string sql)
    {
        await using var connection = new NpgsqlConnection(ShardDatabase + ";Pooling=false;Command Timeout=0");
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(sql, connection);
        return Convert.ToString(await command.ExecuteScalarAsync(), System.Globalization.CultureInfo.InvariantCulture) ?? "";
    }

    public async ValueTask DisposeAsync()
    {
        await Baseline.DisposeAsync();
        await JackpotAsync(_options, "down");
    }

    static JsonNode ReadCluster(BenchOptions options) => JsonNode.Parse(File.ReadAllText(Path.Combine(options.RunDirectory, "cluster.json")))!;

    static async Task JackpotAsync(BenchOptions options, params string[] arguments) =>
        await Baselines.Tool.RunAsync("dotnet", [options.CliDll, .. arguments, "--run-dir", options.RunDirectory]);
}
