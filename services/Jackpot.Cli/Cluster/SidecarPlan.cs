using System.Text.Json.Nodes;

namespace Jackpot.Cli.Cluster;

/// <summary>One application instance that wants a sidecar.</summary>
sealed record SidecarApp(string ProcessName, string AppId, string Namespace, int AppPort, int HttpPort, int GrpcPort, IReadOnlyList<string> ResourcesPaths);

/// <summary>The processes that serve the sidecars of a region: one LocalDapr for all, or real daprd, placement and scheduler.</summary>
sealed class SidecarPlan(ClusterOptions options, PlaceFolder region, string healthPath, PortNumbering numbering, int index)
{
    internal const string LocalDaprPrefix = "localdapr-";

    /// <summary>Between the ports of one region's placement and scheduler and the next one's.</summary>
    const int PortsPerRegion = 200;
    const int SidecarStage = 1;
    const int MaxBodyBytes = 4 * 1024 * 1024;

    /// <summary>Connection string of what the region's sidecars keep.</summary>
    internal required string Database { get; init; }

    /// <summary>The broker of the region's events and bets.</summary>
    internal required string RegionBroker { get; init; }

    /// <summary>The broker between the regions.</summary>
    internal required string NetworkBroker { get; init; }

    internal static string DatabaseOf(string region) => "dapr_" + region.Replace('-', '_');

    /// <summary>What components/*.yaml read through envRef.</summary>
    Dictionary<string, string> ComponentEnvironment => new()
    {
        ["JACKPOT_DAPR_CONNECTION"] = options.Sidecar == SidecarKind.LocalDapr ? Database : LibpqForm(Database),
        ["JACKPOT_SECRETS_FILE"] = region.SecretsFile,
        ["JACKPOT_AUDIT_STORE"] = region.AuditStore,
        ["JACKPOT_EVENTS_BROKER"] = RegionBroker,
        ["JACKPOT_BETS_BROKER"] = RegionBroker,
        ["JACKPOT_NETWORK_BROKER"] = NetworkBroker,
    };

    internal ProcessPlan LocalDapr(string name, string dll, IReadOnlyList<SidecarApp> apps, int adminPort)
    {
        var file = region.SidecarsFile;
        var sidecars = new JsonObject
        {
            ["connectionString"] = Database,
            ["adminPort"] = adminPort,
            ["sidecars"] = new JsonArray([.. apps.Select(Sidecar)]),
        };
        RunFolder.WritePrivate(file, sidecars.ToJsonString(new() { WriteIndented = true }));
        return new ProcessPlan(
            name, name, ["dotnet", dll, "--sidecars", file], ComponentEnvironment,
            new Dictionary<string, int> { ["admin"] = adminPort },
            [.. apps.Select(app => $"http://127.0.0.1:{app.HttpPort}/v1.0/healthz/outbound")], SidecarStage);
    }

    JsonObject Sidecar(SidecarApp app) => new()
    {
        ["appId"] = app.AppId,
        // LocalDapr keeps its workflows by namespace; one for all, as since its first version, finds them again after an upgrade.
        ["namespace"] = "default",
        ["appPort"] = app.AppPort,
        ["httpPort"] = app.HttpPort,
        ["grpcPort"] = app.GrpcPort,
        ["resourcesPaths"] = new JsonArray([.. app.ResourcesPaths.Select(path => JsonValue.Create(path))]),
        ["appHealthCheckPath"] = healthPath,
        ["appHealthProbeIntervalSeconds"] = 1,
        ["appHealthThreshold"] = 3,
        ["enableAppHealthCheck"] = true,
        ["maxBodySizeBytes"] = MaxBodyBytes,
        ["daprApiToken"] = null,
        ["appApiToken"] = null,
    };

    /// <summary>Placement, scheduler and a daprd for each application; the command lines of Dapr 1.18.</summary>
    internal IEnumerable<ProcessPlan> Daprd(IReadOnlyList<SidecarApp> apps)
    {
        var placement = Ports("placement", 50005, 50015, 50025);
        var scheduler = Ports("scheduler", 50006, 50016, 50026, 50036, 50046);
        yield return new ProcessPlan(
            $"placement-{region.Name}", "placement",
            ["placement", "--port", $"{placement["main"]}", "--healthz-port", $"{placement["health"]}", "--metrics-port", $"{placement["metrics"]}", "--listen-address", "127.0.0.1"],
            new Dictionary<string, string>(), placement, [$"http://127.0.0.1:{placement["health"]}/healthz"], SidecarStage);
        yield return new ProcessPlan(
            $"scheduler-{region.Name}", "scheduler",
            [
                "scheduler", "--port", $"{scheduler["main"]}", "--healthz-port", $"{scheduler["health"]}", "--metrics-port", $"{scheduler["metrics"]}",
                "--listen-address", "127.0.0.1", "--etcd-data-dir", Path.Combine(region.Path, "scheduler"), "--override-broadcast-host-port", $"127.0.0.1:{scheduler["main"]}",
                "--etcd-client-port", $"{scheduler["etcd-client"]}", "--etcd-initial-cluster", $"dapr-scheduler-server-0=http://localhost:{scheduler["etcd-peer"]}",
            ],
            new Dictionary<string, string>(), scheduler, [$"http://127.0.0.1:{scheduler["health"]}/healthz"], SidecarStage);
        foreach (var app in apps)
        {
            yield return Daprd(app, placement["main"], scheduler["main"]);
        }
    }

    ProcessPlan Daprd(SidecarApp app, int placementPort, int schedulerPort)
    {
        var ports = new Dictionary<string, int> { ["internal-grpc"] = numbering.Take(app.HttpPort + 2000, 0), ["metrics"] = numbering.Take(app.HttpPort + 4000, 0) };
        List<string> command =
        [
            "daprd", "--mode", "standalone", "--app-id", app.AppId, "--app-port", $"{app.AppPort}", "--app-protocol", "http",
            "--dapr-http-port", $"{app.HttpPort}", "--dapr-grpc-port", $"{app.GrpcPort}", "--dapr-internal-grpc-port", $"{ports["internal-grpc"]}",
            "--metrics-port", $"{ports["metrics"]}", "--dapr-listen-addresses", "127.0.0.1", "--dapr-internal-grpc-listen-address", "127.0.0.1",
            "--placement-host-address", $"127.0.0.1:{placementPort}", "--scheduler-host-address", $"127.0.0.1:{schedulerPort}",
            "--enable-app-health-check", "--app-health-check-path", healthPath, "--app-health-probe-interval", "1", "--app-health-threshold", "3",
            .. app.ResourcesPaths.SelectMany(path => (string[])["--resources-path", path]),
        ];
        var environment = new Dictionary<string, string>(ComponentEnvironment) { ["DAPR_HOST_IP"] = "127.0.0.1", ["NAMESPACE"] = app.Namespace };
        return new ProcessPlan(
            $"daprd-{app.ProcessName}", "daprd", command, environment, ports, [$"http://127.0.0.1:{app.HttpPort}/v1.0/healthz/outbound"], SidecarStage);
    }

    Dictionary<string, int> Ports(string owner, params int[] wanted)
    {
        string[] names = owner == "placement" ? ["main", "health", "metrics"] : ["main", "health", "metrics", "etcd-client", "etcd-peer"];
        return names.Zip(wanted).ToDictionary(pair => pair.First, pair => numbering.Take(pair.Second + (index * PortsPerRegion), 0));
    }

    internal static void RequireBinaries()
    {
        var folders = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':', StringSplitOptions.RemoveEmptyEntries);
        var missing = ((string[])["daprd", "placement", "scheduler"]).Where(name => !folders.Any(folder => File.Exists(Path.Combine(folder, name)))).ToArray();
        if (missing.Length > 0)
        {
            throw new CommandException($"--sidecar daprd needs {string.Join(", ", missing)} in PATH. Build or download Dapr 1.18's binaries and add their folder to PATH, or leave the option out for LocalDapr.");
        }
    }

    /// <summary>Dapr's PostgreSQL components are written in Go and read libpq's "key=value" form.</summary>
    static string LibpqForm(string npgsql)
    {
        var parts = new Npgsql.NpgsqlConnectionStringBuilder(npgsql);
        return $"host={parts.Host} port={parts.Port} user={parts.Username} password={parts.Password} dbname={parts.Database} sslmode=disable";
    }
}
