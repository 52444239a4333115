using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text.Json;
using Jackpot.TestKit;

namespace Jackpot.Dapr.Conformance.Tests;

/// <summary>LocalDapr as a process of its own, with a state store, a pub/sub and secrets, on ports that were free a moment ago.</summary>
sealed class LocalSidecar : IAsyncDisposable
{
    readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("conformance-");
    readonly ChildProcess _process;

    readonly string? _token;

    LocalSidecar(int[] ports, string database, string pubsubType, string? token)
    {
        _token = token;
        (HttpPort, GrpcPort, AppPort, AdminPort) = (ports[0], ports[1], ports[2], ports[3]);
        WriteComponent("statestore", "state.postgresql", "v2", ("connectionString", database), ("actorStateStore", "true"));
        WriteComponent("pubsub", pubsubType, "v1", ("connectionString", database));
        File.WriteAllText(Path.Combine(_folder.FullName, "secrets.json"), """{"alpha":"one","beta":"two"}""");
        WriteComponent("secrets", "secretstores.local.file", "v1", ("secretsFile", Path.Combine(_folder.FullName, "secrets.json")));
        WriteComponent("files", "bindings.localstorage", "v1", ("rootPath", Path.Combine(_folder.FullName, "files")));
        var sidecars = Path.Combine(_folder.FullName, "sidecars.json");
        File.WriteAllText(sidecars, JsonSerializer.Serialize(new
        {
            connectionString = database,
            adminPort = AdminPort,
            sidecars = new[]
            {
                new { appId = "conformance", appPort = AppPort, httpPort = HttpPort, grpcPort = GrpcPort, resourcesPaths = new[] { Resources }, daprApiToken = token, appApiToken = token },
            },
        }));
        _process = ChildProcess.StartDotnet(RepositoryFolder.BuiltDll("services/Jackpot.LocalDapr"), ["--sidecars", sidecars]);
    }

    public int HttpPort { get; }

    public int GrpcPort { get; }

    public int AppPort { get; }

    public int AdminPort { get; }

    public string Output => _process.Output;

    string Resources => Directory.CreateDirectory(Path.Combine(_folder.FullName, "resources")).FullName;

    /// <param name="postgres">Where its database is made.</param>
    /// <param name="pubsubType">Type of the pub/sub component.</param>
    /// <param name="token">Asked of every caller and shown to the application; null = none.</param>
    public static async Task<LocalSidecar> StartAsync(PostgresFixture postgres, string pubsubType, string? token = null) =>
        new(FreePorts(4), await postgres.CreateDatabaseAsync(), pubsubType, token);

    public Dictionary<string, string?> Environment => new()
    {
        ["DAPR_HTTP_PORT"] = HttpPort.ToString(CultureInfo.InvariantCulture),
        ["DAPR_GRPC_PORT"] = GrpcPort.ToString(CultureInfo.InvariantCulture),
        ["APP_PORT"] = AppPort.ToString(CultureInfo.InvariantCulture),
        ["DAPR_API_TOKEN"] = _token,
        ["APP_API_TOKEN"] = _token,
    };

    public Task<int> StopAsync() => _process.StopAsync();

    public async ValueTask DisposeAsync()
    {
        await _process.DisposeAsync();
        _folder.Delete(recursive: true);
    }

    static int[] FreePorts(int count)
    {
        var listeners = Enumerable.Range(0, count).Select(_ => new TcpListener(IPAddress.Loopback, 0)).ToList();
        listeners.ForEach(listener => listener.Start());
        var ports = listeners.Select(listener => ((IPEndPoint)listener.LocalEndpoint).Port).ToArray();
        listeners.ForEach(listener => listener.Stop());
        return ports;
    }

    void WriteComponent(string name, string type, string version, params (string Name, string Value)[] metadata) =>
        File.WriteAllText(Path.Combine(Resources, name + ".yaml"), $"""
            apiVersion: dapr.io/v1alpha1
            kind: Component
            metadata:
              name: {name}
            spec:
              type: {type}
              version: {version}
              metadata:
            {string.Join('\n', metadata.Where(item => type != "pubsub.in-memory").Select(item => $"    - name: {item.Name}\n      value: \"{item.Value}\""))}
            """);
}
