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
    readonly PortNumbering _numbering;
    readonly IReadOnlyList<ClusterPlace> _places;
    readonly Dictionary<(string Service, int Replica, string Binding), int> _ports = [];

    ClusterPlanner(ClusterOptions options, TyeFile tye, RunFolder run, string postgresBinaries, IReadOnlyDictionary<PlaceFolder, string> dataDirectories)
    {
        _options = options;
        _tye = tye;
        _run = run;
        _numbering = new PortNumbering(options);
        foreach (var service in tye.Services)
        {
            for (var replica = 0; replica < ReplicasOf(service); replica++)
            {
                foreach (var binding in service.Bindings)
                {
                    _ports[(service.Name, replica, binding.Key)] = _numbering.Take(binding.Port, replica);
                }
            }
        }
        _places = [.. dataDirectories.Select(entry => new ClusterPlace(entry.Key, PostgresOf(entry.Key, postgresBinaries, entry.Value)))];
    }

    /// <param name="dataDirectories">Of each place that is to be started, where its PostgreSQL's data lies.</param>
    internal static ClusterPlan Plan(ClusterOptions options, TyeFile tye, RunFolder run, string postgresBinaries, IReadOnlyDictionary<PlaceFolder, string> dataDirectories)
    {
        var planner = new ClusterPlanner(options, tye, run, postgresBinaries, dataDirectories);
        var processes = planner.Processes();
        var urls = processes.Where(process => process.Url is not null && process.Name == process.Service).ToDictionary(process => process.Service, process => process.Url!);
        return new ClusterPlan(
            run.Path, run.Logs, [.. planner._places.Select(place => place.Plan)], processes, urls,
            planner._places.SelectMany(place => place.Plan.DatabaseNames.Select(name => (name, place))).ToDictionary(entry => entry.name, entry => entry.place.Plan.ConnectionString(entry.name)));
    }

    List<ProcessPlan> Processes()
    {
        var apps = new List<(string Place, SidecarApp App)>();
        var processes = new List<ProcessPlan>();
        foreach (var service in _tye.Services.Where(service => !service.External && !service.IsLocalDapr && _options.Includes(service.Place)))
        {
            for (var replica = 0; replica < ReplicasOf(service); replica++)
            {
                var process = Process(service, replica);
                if (_tye.Dapr.Services.TryGetValue(service.Name, out var dapr))
                {
                    apps.Add((service.Place, new SidecarApp(
                        process.Name, dapr.AppId, dapr.Namespace, process.Ports["http"], process.Ports["dapr-http"], process.Ports["dapr-grpc"],
                        [.. ResourcesPaths(dapr).Select(path => Path.Combine(_options.Root, path))])));
                }
                processes.Add(process);
            }
        }
        var regions = _tye.Services.Where(service => service.IsLocalDapr && _options.Includes(service.Place)).ToList();
        if (_options.App is { } app)
        {
            apps.Add((regions[0].Place, OwnApp(app.AppId, app.Port, regions[0].Place)));
        }
        processes.InsertRange(0, Sidecars(regions, apps));
        if (_options.TrafficPerSecond > 0)
        {
            processes.Add(Traffic());
        }
        return processes;
    }

    /// <summary>Each region has its own sidecars' runtime, which knows of no other region's database or broker.</summary>
    List<ProcessPlan> Sidecars(List<TyeService> regions, List<(string Place, SidecarApp App)> apps)
    {
        var brokers = BrokerUrls.Of(_options, _places.Select(place => place.Folder.Name));
        var between = Place(ClusterOptions.BetweenRegions).Database(ClusterOptions.BetweenRegions);
        var processes = new List<ProcessPlan>();
        foreach (var (region, index) in regions.Select((region, index) => (region, index)))
        {
            var place = Place(region.Place);
            var database = place.Database(SidecarPlan.DatabaseOf(region.Place));
            var plan = new SidecarPlan(_options, place.Folder, _tye.Dapr.AppHealthCheckPath, _numbering, index)
            {
                Database = database,
                RegionBroker = brokers.GetValueOrDefault(region.Place, database),
                NetworkBroker = brokers.GetValueOrDefault(ClusterOptions.BetweenRegions, between),
            };
            var own = apps.Where(app => app.Place == region.Place).Select(app => app.App).ToList();
            processes.AddRange(_options.Sidecar == SidecarKind.LocalDapr
                ? [plan.LocalDapr(region.Name, Dll(region), own, _ports[(region.Name, 0, "admin")])]
                : plan.Daprd(own));
        }
        return processes;
    }

    SidecarApp OwnApp(string appId, int port, string region)
    {
        var like = _tye.Dapr.Services.First(service => Service(service.Key).Place == region).Value;
        return new SidecarApp(
            appId, appId, like.Namespace, port, _numbering.Take(OwnAppHttpPort, 0), _numbering.Take(OwnAppGrpcPort, 0),
            [OwnAppResources.Write(_run, ResourcesPaths(like).Select(path => Path.Combine(_options.Root, path)), appId)]);
    }

    ProcessPlan Process(TyeService service, int replica)
    {
        var name = replica == 0 ? service.Name : $"{service.Name}-{replica + 1}";
        var ports = service.Bindings.ToDictionary(binding => binding.Key, binding => _ports[(service.Name, replica, binding.Key)]);
        var placeholders = new Placeholders(_options.Root, Place(service.Place).Database, UrlsOf);
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

    PostgresPlan PostgresOf(PlaceFolder folder, string binaries, string dataDirectory)
    {
        var name = PostgresPlan.NamePrefix + folder.Name;
        return new PostgresPlan(name, binaries, dataDirectory, _ports[(name, 0, "default")], folder.Secrets.PostgresPassword, []);
    }

    ClusterPlace Place(string name) => _places.FirstOrDefault(place => place.Folder.Name == name)
        ?? throw new CommandException($"tye.yaml: a service is tagged '{name}', but there is no service {PostgresPlan.NamePrefix}{name}.");

    string Dll(TyeService service)
    {
        var project = service.Project ?? throw new CommandException($"tye.yaml: service {service.Name} has neither project nor external: true.");
        return Path.Combine(
            _options.Root, Path.GetDirectoryName(project)!, "bin", _options.Configuration, "net10.0", Path.GetFileNameWithoutExtension(project) + ".dll");
    }

    IReadOnlyList<string> UrlsOf(string service) =>
        [.. Enumerable.Range(0, ReplicasOf(Service(service))).Select(replica => $"http://127.0.0.1:{_ports[(service, replica, "http")]}")];
}

/// <summary>A place while it is planned: the databases of its PostgreSQL are those that somebody asked for.</summary>
sealed class ClusterPlace(PlaceFolder folder, PostgresPlan postgres)
{
    readonly SortedSet<string> _databases = new(StringComparer.Ordinal);

    internal PlaceFolder Folder => folder;

    internal PostgresPlan Plan => postgres with { DatabaseNames = [.. _databases] };

    internal string Database(string name)
    {
        _databases.Add(name);
        return postgres.ConnectionString(name);
    }
}
