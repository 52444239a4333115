using System.Text.Json.Nodes;
using Jackpot.LocalProcesses;
using Jackpot.LocalProcesses.Programs;

namespace Jackpot.TestKit;

/// <summary>
/// A whole local cluster as `jackpot up` starts it: real processes on free ports, data in a temporary folder. It is taken down when
/// disposed, and also when the test program dies.
/// </summary>
public sealed class LocalCluster : IAsyncDisposable
{
    static readonly TimeSpan UpDeadline = TimeSpan.FromMinutes(3);
    static readonly TimeSpan DownDeadline = TimeSpan.FromMinutes(1);

    readonly bool _ownsFolder;
    IReadOnlyDictionary<string, string?>? _environment;

    LocalCluster(string runDirectory, bool ownsFolder)
    {
        RunDirectory = runDirectory;
        _ownsFolder = ownsFolder;
    }

    /// <summary>Data, logs/, cluster.json.</summary>
    public string RunDirectory { get; }

    /// <summary>What `up` printed.</summary>
    public string UpOutput { get; private set; } = "";

    /// <summary>cluster.json as it is now.</summary>
    public JsonNode State => JsonNode.Parse(File.ReadAllText(Path.Combine(RunDirectory, "cluster.json")))!;

    /// <summary>Starts a cluster and waits until it is ready with its demo jackpots; without PostgreSQL the test is skipped. Options are those of `jackpot up`, for example "--replicas", "2".</summary>
    /// <param name="runDirectory">An earlier cluster's folder, to find its data again; a new temporary one by default.</param>
    /// <param name="environment">Variables that the components of the cluster ask for, for example JACKPOT_BROKER_URL_EU_MT.</param>
    /// <exception cref="InvalidOperationException">`up` failed; the message holds what it printed.</exception>
    public static async Task<LocalCluster> StartAsync(
        IEnumerable<string>? options = null, string? runDirectory = null, IReadOnlyDictionary<string, string?>? environment = null)
    {
        Needs.Program(NeededProgram.PostgreSql);
        var cluster = new LocalCluster(runDirectory ?? Directory.CreateTempSubdirectory("jackpot-cluster-").FullName, runDirectory is null)
        {
            _environment = environment,
        };
        var (exitCode, output) = await cluster.RunAsync(
            UpDeadline, ["up", "--no-build", "--configuration", RepositoryFolder.Configuration, "--free-ports", "--parent-pid", $"{Environment.ProcessId}", .. options ?? []]);
        cluster.UpOutput = output;
        if (exitCode != 0)
        {
            await cluster.DisposeAsync();
            throw new InvalidOperationException($"jackpot up ended with {exitCode}:\n{output}");
        }
        return cluster;
    }

    /// <summary>Runs a `jackpot` command on this cluster's folder.</summary>
    public async Task<(int ExitCode, string Output)> RunAsync(TimeSpan deadline, params string[] arguments)
    {
        await using var process = ChildProcess.StartDotnet(
            RepositoryFolder.BuiltDll("services/Jackpot.Cli"), [.. arguments, "--run-dir", RunDirectory], _environment, RepositoryFolder.Root);
        var exitCode = await process.ExitAsync(deadline);
        return (exitCode, process.Output);
    }

    /// <summary>Base URL of a service's first replica, for example gateway-eu-mt, shard-eu-mt-1, wallet-eu-mt.</summary>
    public string Url(string service) => (string?)State["urls"]![service] ?? throw new ArgumentException($"The cluster has no service {service}.");

    /// <summary>Connection string of one of the cluster's databases, for example shard_eu_mt_1, wallet_eu_mt, dapr_eu_mt.</summary>
    public string ConnectionString(string database) => (string?)State["databases"]![database] ?? throw new ArgumentException($"The cluster has no database {database}.");

    /// <summary>Names of all processes, replicas as shard-eu-mt-1, shard-eu-mt-1-2 and so on; postgres-eu-mt and localdapr-eu-mt among them.</summary>
    public IReadOnlyList<string> ProcessNames => [.. State["processes"]!.AsArray().Select(process => (string)process!["name"]!)];

    /// <summary>Process id of a running process; null while it is down between a kill and its restart.</summary>
    public int? ProcessId(string name) => (int?)Process(name)["identity"]?["pid"];

    /// <summary>One named port of a process, for example http, dapr-http, admin.</summary>
    public int Port(string process, string binding) => (int)Process(process)["ports"]![binding]!;

    /// <summary>kill -9; the supervisor starts it again. Answers false when it was just down.</summary>
    public bool Kill(string name) => ProcessId(name) is { } pid && UnixSignal.Send(pid, UnixSignal.Kill);

    /// <summary>kill -9, and waits until another process of that name runs.</summary>
    public async Task KillAndAwaitRestartAsync(string name, TimeSpan? deadline = null)
    {
        var before = ProcessId(name);
        Kill(name);
        await Eventually.TrueAsync(() => ProcessId(name) is { } now && now != before, deadline, $"another process of {name}");
    }

    /// <summary>Stops the processes and keeps the data, for a later <see cref="StartAsync"/> on the same folder.</summary>
    public async Task DownAsync()
    {
        var (exitCode, output) = await RunAsync(DownDeadline, "down");
        if (exitCode != 0)
        {
            throw new InvalidOperationException($"jackpot down ended with {exitCode}:\n{output}");
        }
    }

    /// <inheritdoc />
    public async ValueTask DisposeAsync()
    {
        var plan = Path.Combine(RunDirectory, "plan.json");
        var data = File.Exists(plan) ? JsonNode.Parse(await File.ReadAllTextAsync(plan))!["postgres"]!.AsArray().Select(postgres => (string)postgres!["data_directory"]!).ToArray() : [];
        await DownAsync();
        if (_ownsFolder)
        {
            Array.ForEach(Array.FindAll(data, Directory.Exists), folder => Directory.Delete(folder, recursive: true));
            Directory.Delete(RunDirectory, recursive: true);
        }
    }

    JsonNode Process(string name) => State["processes"]!.AsArray().FirstOrDefault(process => (string?)process!["name"] == name)
        ?? throw new ArgumentException($"The cluster has no process {name}.");
}
