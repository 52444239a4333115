namespace Jackpot.Cli.Cluster;

/// <summary>Turns tye.yaml and the options of `up` into a plan. It starts nothing.</summary>
sealed class ClusterPlanner
{
    const int BackendStage = 1;
    const int TrafficStage = 3;
    const int OwnAppHttpPort = 3591;
    const int OwnAppGrpcPort = 50191;

    readonly ClusterOptions _options;
    readonly TyeFile _tye;
    readonly RunFolder _run;
    readonly PostgresPlan _postgres;
    readonly Dictionary<(string Service, int Replica, string Binding), int> _ports = [];
    readonly SortedSet<string> _databases = new(StringComparer.Ordinal) { SidecarPlan.Database };

    ClusterPlanner(ClusterOptions options, TyeFile tye, RunFolder run, string postgresBinaries, string dataDirectory)
    {
        _options = options;
        _tye = tye;
        _run = run;
        var numbering = new PortNumbering(options);
        foreach (var service in tye.Services)
        {
            for (var replica = 0; replica < ReplicasOf(service); replica++)
            {
                foreach (var binding in service.Bindings)
                {
                    _ports[(service.Name, replica, binding.Key)] = numbering.Take(binding.Port, replica);
                }
            }
        }
        Numbering = numbering;
        _postgres = new PostgresPlan(postgresBinaries, dataDirectory, _ports[(PostgresPlan.Name, 0, "default")], run.Secrets.PostgresPassword, []);
    }

    internal PortNumbering Numbering { get; }

    internal static ClusterPlan Plan(ClusterOptions options, TyeFile tye, RunFolder run, string postgresBinaries, string dataDirectory)
    {
        var planner = new ClusterPlanner(options, tye, run, postgresBinaries, dataDirectory);
        var processes = planner.Processes();
        var urls = processes.Where(process => process.Url is not null && process.Name == process.Service).ToDictionary(process => process.Service, process => process.Url!);
        return new ClusterPlan(
            run.Path, run.Logs, planner._postgres with { DatabaseNames = [.. planner._databases] }, processes, urls,
            planner._databases.ToDictionary(name => name, planner._postgres.ConnectionString));
    }

    List<ProcessPlan> Processes()
    {
        var apps = new List<SidecarApp>();
        var processes = new List<ProcessPlan>();
        foreach (var service in _tye.Services.Where(service => !service.External && service.Name != SidecarPlan.LocalDaprService))
        {
            for (var replica = 0; replica < ReplicasOf(service); replica++)
            {
                var process = Process(service, replica);
                if (_tye.Dapr.Services.TryGetValue(service.Name, out var dapr))
                {
                    apps.Add(new SidecarApp(
                        process.Name, dapr.AppId, dapr.Namespace, process.Ports["http"], process.Ports["dapr-http"], process.Ports["dapr-grpc"],
                        [.. ResourcesPaths(dapr).Select(path => Path.Combine(_options.Root, path))]));
                }
                processes.Add(process);
            }
        }
        if (_options.App is { } app)
        {
            apps.Add(new SidecarApp(
                app.AppId, app.AppId, new TyeDaprApp().Namespace, app.Port, Numbering.Take(OwnAppHttpPort, 0), Numbering.Take(OwnAppGrpcPort, 0),
                [OwnAppResources.Write(_run, ResourcesPaths(new TyeDaprApp()).Select(path => Path.Combine(_options.Root, path)), app.AppId)]));
        }
        var sidecars = new SidecarPlan(_options, _run, _tye.Dapr.AppHealthCheckPath, _postgres.ConnectionString(SidecarPlan.Database), Numbering);
        processes.InsertRange(0, _options.Sidecar == SidecarKind.LocalDapr
            ? [sidecars.LocalDapr(Dll(Service(SidecarPlan.LocalDaprService)), apps, _ports[(SidecarPlan.LocalDaprService, 0, "admin")])]
            : sidecars.Daprd(apps));
        if (_options.TrafficPerSecond > 0)
        {
            processes.Add(Traffic());
        }
        return processes;
    }

    ProcessPlan Process(TyeService service, int replica)
    {
        var name = replica == 0 ? service.Name : $"{service.Name}-{replica + 1}";
        var ports = service.Bindings.ToDictionary(binding => binding.Key, binding => _ports[(service.Name, replica, binding.Key)]);
        var placeholders = new Placeholders(_options.Root, Database, UrlsOf);
        var environment = service.Env.ToDictionary(variable => variable.Name, variable => placeholders.Fill(variable.Value));
        if (ports.TryGetValue("http", out var http))
        {
            environment["ASPNETCORE_URLS"] = $"http://127.0.0.1:{http}";
        }
        if (_tye.Dapr.Services.TryGetValue(service.Name, out var dapr))
        {
            environment["APP_ID"] = dapr.AppId;
            environment["DAPR_HTTP_PORT"] = $"{ports["dapr-http"]}";
            environment["DAPR_GRPC_PORT"] = $"{ports["dapr-grpc"]}";
        }
        return new ProcessPlan(
            name, service.Name, ["dotnet", Dll(service)], environment, ports,
            [$"http://127.0.0.1:{ports["http"]}/readyz"], BackendStage);
    }

    ProcessPlan Traffic() => new(
        "traffic", "traffic",
        ["dotnet", typeof(ClusterPlanner).Assembly.Location, "traffic", "--rate", $"{_options.TrafficPerSecond}", "--run-dir", _options.RunDirectory],
        new Dictionary<string, string>(), new Dictionary<string, int>(), [], TrafficStage);

    IEnumerable<string> ResourcesPaths(TyeDaprApp app) => _tye.Dapr.ResourcesPaths
        .Select(path => path == "components/local" && _options.Broker is { } broker ? $"components/{broker}" : path)
        .Concat(app.ResourcesPaths);

    int ReplicasOf(TyeService service) =>
        _options.Replicas > 0 && _tye.Dapr.Services.ContainsKey(service.Name) ? _options.Replicas : service.Replicas;

    TyeService Service(string name) => _tye.Services.Find(service => service.Name == name)
        ?? throw new CommandException($"tye.yaml has no service {name}.");

    string Dll(TyeService service)
    {
        var project = service.Project ?? throw new CommandException($"tye.yaml: service {service.Name} has neither project nor external: true.");
        return Path.Combine(
            _options.Root, Path.GetDirectoryName(project)!, "bin", _options.Configuration, "net10.0", Path.GetFileNameWithoutExtension(project) + ".dll");
    }

    string Database(string name)
    {
        _databases.Add(name);
        return _postgres.ConnectionString(name);
    }

    IReadOnlyList<string> UrlsOf(string service) =>
        [.. Enumerable.Range(0, ReplicasOf(Service(service))).Select(replica => $"http://127.0.0.1:{_ports[(service, replica, "http")]}")];
}
