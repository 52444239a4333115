using System.Text.Json;
using Jackpot.LocalProcesses;
using Jackpot.TestKit;

namespace Jackpot.LocalDapr.Tests.Running;

/// <summary>One app instance in the sidecars file of a test.</summary>
sealed record TestSidecar(string AppId, int AppPort, int HttpPort, int GrpcPort)
{
    public Dictionary<string, object?> More { get; } = [];

    public static TestSidecar New(string appId)
    {
        var ports = Enumerable.Range(FreePort.NextRange(3), 3).ToArray();
        return new TestSidecar(appId, ports[0], ports[1], ports[2]);
    }
}

/// <summary>The real process with a folder of component files, so that a test can kill it with -9 and start it again.</summary>
sealed class TestNode : IAsyncDisposable
{
    readonly string _folder = Directory.CreateTempSubdirectory("localdapr-").FullName;
    readonly IReadOnlyList<TestSidecar> _sidecars;

    TestNode(string connectionString, int adminPort, TestSidecar[] sidecars)
    {
        (ConnectionString, AdminPort, _sidecars) = (connectionString, adminPort, sidecars);
        Http = new HttpClient(new SocketsHttpHandler { UseProxy = false }) { Timeout = TimeSpan.FromSeconds(60) };
    }

    public string ConnectionString { get; }

    public int AdminPort { get; }

    public HttpClient Http { get; }

    public ChildProcess Process { get; private set; } = null!;

    public string Folder => _folder;

    /// <summary>A node whose sidecars see PostgreSQL state (for actors too) and the durable PostgreSQL broker.</summary>
    public static async Task<TestNode> StartAsync(string connectionString, params TestSidecar[] sidecars) =>
        await StartAsync(connectionString, _ => { }, sidecars);

    public static async Task<TestNode> StartAsync(string connectionString, Action<TestNode> prepare, params TestSidecar[] sidecars)
    {
        var node = new TestNode(connectionString, FreePort.Next(), sidecars);
        Directory.CreateDirectory(Path.Combine(node._folder, "resources"));
        node.Write("statestore.yaml", $"""
            apiVersion: dapr.io/v1alpha1
            kind: Component
            metadata:
              name: statestore
            spec:
              type: state.postgresql
              version: v2
              metadata:
                - name: connectionString
                  value: "{connectionString}"
                - name: actorStateStore
                  value: "true"
            """);
        node.Write("pubsub.yaml", $"""
            apiVersion: dapr.io/v1alpha1
            kind: Component
            metadata:
              name: pubsub
            spec:
              type: pubsub.postgresql
              version: v1
              metadata:
                - name: connectionString
                  value: "{connectionString}"
                - name: redeliveryDelay
                  value: 100ms
            """);
        prepare(node);
        node.WriteSidecars();
        await node.StartProcessAsync();
        return node;
    }

    public void Write(string name, string yaml) => File.WriteAllText(Path.Combine(_folder, "resources", name), yaml);

    public async Task StartProcessAsync()
    {
        Process = ChildProcess.StartDotnet(RepositoryFolder.BuiltDll("services/Jackpot.LocalDapr"), ["--sidecars", Path.Combine(_folder, "sidecars.json")]);
        await Task.WhenAll(_sidecars.Select(sidecar => Process.AnswersAsync($"http://127.0.0.1:{sidecar.HttpPort}/v1.0/healthz/outbound")));
    }

    public async Task KillAndRestartAsync()
    {
        await Process.KillAsync();
        await StartProcessAsync();
    }

    /// <summary>Waits until the app of this sidecar has been asked and its actors are placed.</summary>
    public Task AppUpAsync(TestSidecar sidecar) => Process.PrintedAsync($"{sidecar.AppId} on port {sidecar.AppPort} is up");

    public async ValueTask DisposeAsync()
    {
        Http.Dispose();
        await Process.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    void WriteSidecars()
    {
        var file = new
        {
            connectionString = ConnectionString,
            adminPort = AdminPort,
            sidecars = _sidecars.Select(sidecar => new Dictionary<string, object?>(sidecar.More)
            {
                ["appId"] = sidecar.AppId,
                ["appPort"] = sidecar.AppPort,
                ["httpPort"] = sidecar.HttpPort,
                ["grpcPort"] = sidecar.GrpcPort,
                ["resourcesPaths"] = new[] { Path.Combine(_folder, "resources") },
            }),
        };
        File.WriteAllText(Path.Combine(_folder, "sidecars.json"), JsonSerializer.Serialize(file));
    }
}
