using System.Net.Http.Json;
using System.Text.Json;
using System.Text.Json.Nodes;
using Jackpot.LocalProcesses;
using Jackpot.LocalProcesses.Programs;
using Jackpot.TestKit;
using Jackpot.TestKit.Servers;
using Npgsql;

namespace Jackpot.EndToEnd.Tests;

/// <summary>A running cluster as these tests see it: its endpoints, its databases, and processes to kill.</summary>
public sealed class JackpotCluster : IAsyncDisposable
{
    const int LogCharsMax = 4_000;
    static readonly TimeSpan CommandDeadline = TimeSpan.FromMinutes(2);
    static readonly TimeSpan RestartDeadline = TimeSpan.FromSeconds(60);

    readonly LocalCluster _cluster;

    JackpotCluster(LocalCluster cluster) => _cluster = cluster;

    public HttpClient Http { get; } = new() { Timeout = TimeSpan.FromSeconds(30) };

    public static async Task<JackpotCluster> UpAsync(params string[] options) => new(await LocalCluster.StartAsync(options));

    /// <summary>The same cluster with variables that its programs read.</summary>
    public static async Task<JackpotCluster> UpWithAsync(IReadOnlyDictionary<string, string?> environment) => new(await LocalCluster.StartAsync([], environment: environment));

    /// <summary>The same cluster with messages on a real RabbitMQ: nothing but another component folder, and where each place's virtual host is.</summary>
    public static async Task<JackpotCluster> UpOnRabbitAsync(IReadOnlyDictionary<string, string> places) =>
        new(await LocalCluster.StartAsync(["--broker", "rabbitmq"], environment: places.ToDictionary(
            place => "JACKPOT_BROKER_URL_" + place.Key.Replace('-', '_').ToUpperInvariant(), place => (string?)place.Value)));

    /// <summary>Where its data, logs and state are.</summary>
    public string RunDirectory => _cluster.RunDirectory;

    /// <summary>Runs a `jackpot` command on this cluster.</summary>
    public Task<(int ExitCode, string Output)> RunAsync(params string[] arguments) => _cluster.RunAsync(CommandDeadline, arguments);

    /// <summary>Base URL of a service, for example <c>gateway-eu-mt</c>.</summary>
    public Uri Url(string service) => new(_cluster.Url(service));

    /// <summary>Base URLs of all processes of a service.</summary>
    public IReadOnlyList<Uri> Replicas(string service) => [.. Processes(service).Select(process => new Uri((string)process["url"]!))];

    /// <summary>Base URL of the sidecar of a process.</summary>
    public Uri Sidecar(string process) => new($"http://127.0.0.1:{_cluster.Port(process, "dapr-http")}");

    /// <summary>Names of all its databases.</summary>
    public IReadOnlyList<string> DatabaseNames => [.. _cluster.State["databases"]!.AsObject().Select(database => database.Key)];

    public NpgsqlDataSource Database(string name) => NpgsqlDataSource.Create(_cluster.ConnectionString(name));

    /// <summary>Where the PostgreSQL of a place keeps its data.</summary>
    public string DataDirectory(string place) => (string)JsonNode.Parse(File.ReadAllText(Path.Combine(_cluster.RunDirectory, "plan.json")))!["postgres"]!.AsArray()
        .Single(postgres => (string?)postgres!["name"] == "postgres-" + place)!["data_directory"]!;

    /// <summary>The logs of all processes.</summary>
    public IReadOnlyList<string> LogFiles => Directory.GetFiles(Path.Combine(_cluster.RunDirectory, "logs"));

    /// <summary>Kills one process of a service with SIGKILL and waits until the cluster's supervisor has started it again.</summary>
    public Task KillAsync(string service, int replica)
    {
        var names = Processes(service).Select(process => (string)process["name"]!).ToList();
        return _cluster.KillAndAwaitRestartAsync(names[replica % names.Count], RestartDeadline);
    }

    /// <summary>Sends a signal to the first process of a service, for example to freeze it.</summary>
    public void Signal(string process, int signal) => UnixSignal.Send(_cluster.ProcessId(process) ?? throw new InvalidOperationException($"{process} does not run"), signal);

    IEnumerable<JsonNode> Processes(string service) =>
        _cluster.State["processes"]!.AsArray().Where(process => (string)process!["service"]! == service)!;

    public async Task<JsonElement> GetAsync(Uri url, string? tenant = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, url);
        if (tenant is not null)
        {
            request.Headers.Add("X-Tenant-Id", tenant);
        }

        using var response = await Http.SendAsync(request, TestContext.Current.CancellationToken);
        response.EnsureSuccessStatusCode();
        return await response.Content.ReadFromJsonAsync<JsonElement>(TestContext.Current.CancellationToken);
    }

    /// <summary>Switches a fault of the sidecars on until the result is disposed; see services/Jackpot.LocalDapr/Faults.</summary>
    public async Task<IAsyncDisposable> FaultAsync(object rule)
    {
        var endpoint = new Uri($"http://127.0.0.1:{_cluster.Port("localdapr-eu-mt", "admin")}/faults");
        using var response = await Http.PostAsJsonAsync(endpoint, rule, TestContext.Current.CancellationToken);
        Assert.True(response.IsSuccessStatusCode, await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
        return new Switch(Http, endpoint);
    }

    /// <summary>How often the switched-on faults have struck.</summary>
    public async Task<int> StruckAsync() =>
        (await GetAsync(new Uri($"http://127.0.0.1:{_cluster.Port("localdapr-eu-mt", "admin")}/faults"))).EnumerateArray().Sum(rule => rule.GetProperty("struck").GetInt32());

    sealed class Switch(HttpClient http, Uri endpoint) : IAsyncDisposable
    {
        public async ValueTask DisposeAsync()
        {
            using var response = await http.DeleteAsync(endpoint);
            response.EnsureSuccessStatusCode();
        }
    }

    /// <summary>The last lines of a service's logs, for the message of a failing test.</summary>
    public string Log(string service)
    {
        var logs = Directory.EnumerateFiles(Path.Combine(_cluster.RunDirectory, "logs"), service + "*").Select(File.ReadAllText);
        return string.Join('\n', logs.Select(text => text.Length <= LogCharsMax ? text : text[^LogCharsMax..]));
    }

    public ValueTask DisposeAsync()
    {
        Http.Dispose();
        return _cluster.DisposeAsync();
    }
}

/// <summary>One cluster for all tests of a collection; without PostgreSQL they are skipped.</summary>
public sealed class ClusterFixture : IAsyncLifetime
{
    JackpotCluster? _cluster;

    public JackpotCluster Cluster
    {
        get
        {
            Needs.Program(NeededProgram.PostgreSql);
            return _cluster ?? throw new InvalidOperationException("The cluster has not been started.");
        }
    }

    public async ValueTask InitializeAsync() => _cluster = Needs.Has(NeededProgram.PostgreSql) ? await JackpotCluster.UpAsync() : null;

    public ValueTask DisposeAsync() => _cluster?.DisposeAsync() ?? ValueTask.CompletedTask;
}

/// <summary>One cluster on one RabbitMQ for all tests of a collection; without PostgreSQL or RabbitMQ they are skipped.</summary>
public sealed class RabbitClusterFixture : IAsyncLifetime
{
    readonly RabbitFixture _rabbit = new();
    JackpotCluster? _cluster;

    public JackpotCluster Cluster
    {
        get
        {
            Needs.Program(NeededProgram.PostgreSql);
            _rabbit.Source.SkipIfMissing();
            return _cluster ?? throw new InvalidOperationException("The cluster has not been started.");
        }
    }

    /// <summary>Addresses of the virtual hosts, by place.</summary>
    public IReadOnlyDictionary<string, string> Places { get; private set; } = new Dictionary<string, string>();

    public async ValueTask InitializeAsync()
    {
        await _rabbit.InitializeAsync();
        if (Needs.Has(NeededProgram.PostgreSql) && _rabbit.Source.Missing is null)
        {
            Places = await _rabbit.CreatePlacesAsync("eu-mt", "uk-gb", "network");
            _cluster = await JackpotCluster.UpOnRabbitAsync(Places);
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (_cluster is not null)
        {
            await _cluster.DisposeAsync();
        }

        await _rabbit.DisposeAsync();
    }
}

[CollectionDefinition(Name)]
#pragma warning disable CA1711 // As below.
public sealed class RabbitClusterCollection : ICollectionFixture<RabbitClusterFixture>
#pragma warning restore CA1711
{
    public const string Name = "one cluster on RabbitMQ";
}

[CollectionDefinition(Name)]
#pragma warning disable CA1711 // xunit calls it a collection.
public sealed class ClusterCollection : ICollectionFixture<ClusterFixture>
#pragma warning restore CA1711
{
    public const string Name = "one cluster";
}
