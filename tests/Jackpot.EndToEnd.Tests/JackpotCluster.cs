using System.Globalization;
using System.Net.Http.Json;
using System.Text.Json;
using Jackpot.TestKit;
using Npgsql;

namespace Jackpot.EndToEnd.Tests;

/// <summary>A whole cluster as <c>./jackpot up</c> starts it: real processes on free ports in a folder of its own, stopped by <c>down</c>.</summary>
public sealed class JackpotCluster : IAsyncDisposable
{
    static readonly TimeSpan UpDeadline = TimeSpan.FromMinutes(3);
    static readonly TimeSpan DownDeadline = TimeSpan.FromMinutes(1);

    readonly string _folder = Directory.CreateTempSubdirectory("jackpot-e2e-").FullName;

    public HttpClient Http { get; } = new() { Timeout = TimeSpan.FromSeconds(30) };

    public static async Task<JackpotCluster> UpAsync(params string[] arguments)
    {
        var cluster = new JackpotCluster();
        try
        {
            await cluster.RunAsync("up", UpDeadline, ["--free-ports", "--no-build", "--parent-pid", Environment.ProcessId.ToString(CultureInfo.InvariantCulture), .. arguments]);
            return cluster;
        }
        catch
        {
            await cluster.DisposeAsync();
            throw;
        }
    }

    async Task RunAsync(string command, TimeSpan deadline, IEnumerable<string> arguments)
    {
        await using var process = ChildProcess.StartDotnet(
            RepositoryFolder.BuiltDll("services/Jackpot.Cli"),
            [command, "--run-dir", _folder, .. arguments], workingDirectory: RepositoryFolder.Root);
        var exitCode = await process.ExitAsync(deadline);
        Assert.True(exitCode == 0, $"jackpot {command} ended with {exitCode}:\n{process.Output}");
    }

    JsonElement State() => JsonElement.Parse(File.ReadAllBytes(Path.Combine(_folder, "cluster.json")));

    /// <summary>Base URL of a service, for example <c>gateway-eu-mt</c>.</summary>
    public Uri Url(string service) => new(State().GetProperty("urls").GetProperty(service).GetString()!);

    /// <summary>All running processes of a service, with their base URLs.</summary>
    public IReadOnlyList<Uri> Replicas(string service) => [.. Processes(service).Select(process => new Uri(process.GetProperty("url").GetString()!))];

    public NpgsqlDataSource Database(string name) => NpgsqlDataSource.Create(State().GetProperty("databases").GetProperty(name).GetString()!);

    /// <summary>Kills one process of a service with SIGKILL; the cluster's supervisor starts it again. Returns the pid that was killed.</summary>
    public int Kill(string service, int replica)
    {
        var processes = Processes(service).ToList();
        var pid = processes[replica % processes.Count].GetProperty("identity").GetProperty("pid").GetInt32();
        using var process = System.Diagnostics.Process.GetProcessById(pid);
        process.Kill();
        return pid;
    }

    /// <summary>Waits until every process of a service runs, none under <paramref name="killedPid"/>.</summary>
    public Task BackAsync(string service, int killedPid) => Eventually.TrueAsync(
        () => Processes(service).All(process => process.GetProperty("state").GetString() == "running"
            && process.GetProperty("identity").GetProperty("pid").GetInt32() != killedPid),
        TimeSpan.FromSeconds(60), $"{service} was restarted");

    IEnumerable<JsonElement> Processes(string service) =>
        State().GetProperty("processes").EnumerateArray().Where(process => process.GetProperty("service").GetString() == service);

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

    /// <summary>The last lines of a service's log, for the message of a failing test.</summary>
    public string Log(string service)
    {
        var logs = Directory.EnumerateFiles(Path.Combine(_folder, "logs"), service + "*").Select(File.ReadAllText);
        return string.Join('\n', logs.Select(text => text.Length <= LogCharsMax ? text : text[^LogCharsMax..]));
    }

    public async ValueTask DisposeAsync()
    {
        await RunAsync("down", DownDeadline, []);
        Http.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    const int LogCharsMax = 4_000;
}

/// <summary>One cluster for all tests of a collection.</summary>
public sealed class ClusterFixture : IAsyncLifetime
{
    JackpotCluster? _cluster;

    public JackpotCluster Cluster => _cluster ?? throw new InvalidOperationException("The cluster has not been started.");

    public async ValueTask InitializeAsync() => _cluster = await JackpotCluster.UpAsync();

    public ValueTask DisposeAsync() => _cluster?.DisposeAsync() ?? ValueTask.CompletedTask;
}

[CollectionDefinition(Name)]
#pragma warning disable CA1711 // xunit calls it a collection.
public sealed class ClusterCollection : ICollectionFixture<ClusterFixture>
#pragma warning restore CA1711
{
    public const string Name = "one cluster";
}
