using Jackpot.Cli.Cluster;
using Jackpot.TestKit;

namespace Jackpot.Cli.Tests.Cluster;

/// <summary>`jackpot up --sidecar daprd`: the command lines of real Dapr, against the flags that its 1.18 knows. Nothing is started here.</summary>
public sealed class DaprdCommandTests : IDisposable
{
    /// <summary>Flags that may be given; those of daprd that may be given again and again are named in <see cref="Repeatable"/>.</summary>
    static readonly Dictionary<string, string[]> Known = new()
    {
        ["daprd"] =
        [
            "--mode", "--app-id", "--app-port", "--app-protocol", "--app-channel-address", "--dapr-http-port", "--dapr-grpc-port", "--dapr-internal-grpc-port",
            "--dapr-listen-addresses", "--dapr-internal-grpc-listen-address", "--dapr-public-port", "--metrics-port", "--metrics-listen-address", "--resources-path", "--config",
            "--placement-host-address", "--scheduler-host-address", "--enable-app-health-check", "--app-health-check-path", "--app-health-probe-interval",
            "--app-health-probe-timeout", "--app-health-threshold", "--max-body-size", "--log-level",
        ],
        ["placement"] = ["--port", "--healthz-port", "--metrics-port", "--listen-address"],
        ["scheduler"] =
        [
            "--port", "--healthz-port", "--metrics-port", "--listen-address", "--etcd-data-dir", "--override-broadcast-host-port", "--etcd-client-port", "--etcd-initial-cluster",
        ],
    };

    static readonly string[] WithoutValue = ["--enable-app-health-check"];
    static readonly string[] Repeatable = ["--resources-path", "--config"];

    readonly string _run = Directory.CreateTempSubdirectory("jackpot-plan-").FullName;

    [Fact]
    public void Every_flag_is_one_that_the_program_knows_and_has_its_value_once()
    {
        var programs = Plan().Processes.Where(process => Known.ContainsKey(process.Command[0])).ToArray();

        Assert.Equal(["daprd", "daprd", "daprd", "daprd", "daprd", "placement", "placement", "scheduler", "scheduler"], programs.Select(process => process.Command[0]).Order());
        foreach (var process in programs)
        {
            var flags = Flags(process.Command);
            Assert.Empty(flags.Select(flag => flag.Name).Except(Known[process.Command[0]]));
            Assert.All(flags, flag => Assert.Equal(!WithoutValue.Contains(flag.Name), flag.Value is not null));
            Assert.Empty(flags.GroupBy(flag => flag.Name).Where(group => group.Count() > 1).Select(group => group.Key).Except(Repeatable));
        }
    }

    static string RegionOf(ProcessPlan app) => app.Environment.GetValueOrDefault("Shard__Region") ?? app.Environment["Gateway__Region"];

    /// <summary>Placement, invocation, jobs and workflows are kept apart by namespace.</summary>
    [Fact]
    public void Every_application_is_in_the_namespace_of_its_region()
    {
        var plan = Plan();

        foreach (var app in plan.Processes.Where(process => process.Environment.ContainsKey("APP_ID")))
        {
            var sidecar = Assert.Single(plan.Processes, process => process.Name == "daprd-" + app.Name);
            Assert.Equal(RegionOf(app), sidecar.Environment["NAMESPACE"]);
        }
        Assert.Equal(["eu-mt", "eu-mt", "eu-mt", "uk-gb", "uk-gb"], plan.Processes.Where(process => process.Command[0] == "daprd").Select(process => process.Environment["NAMESPACE"]).Order());
    }

    [Fact]
    public void Every_sidecar_finds_placement_and_scheduler_and_its_application_finds_it()
    {
        var plan = Plan();

        foreach (var app in plan.Processes.Where(process => process.Environment.ContainsKey("APP_ID")))
        {
            var region = RegionOf(app);
            var (placement, scheduler) = (plan.Processes.Single(process => process.Name == "placement-" + region), plan.Processes.Single(process => process.Name == "scheduler-" + region));
            var flags = Flags(plan.Processes.Single(process => process.Name == "daprd-" + app.Name).Command).ToLookup(flag => flag.Name, flag => flag.Value);
            Assert.Equal($"127.0.0.1:{placement.Ports["main"]}", flags["--placement-host-address"].Single());
            Assert.Equal($"127.0.0.1:{scheduler.Ports["main"]}", flags["--scheduler-host-address"].Single());
            Assert.Equal(app.Environment["APP_ID"], flags["--app-id"].Single());
            Assert.Equal(app.Environment["APP_PORT"], flags["--app-port"].Single());
            Assert.Equal(app.Environment["DAPR_HTTP_PORT"], flags["--dapr-http-port"].Single());
            Assert.Equal(app.Environment["DAPR_GRPC_PORT"], flags["--dapr-grpc-port"].Single());
            Assert.All(flags["--resources-path"], folder => Assert.True(Directory.Exists(folder), folder));
        }
    }

    [Theory]
    [InlineData("eu-mt")]
    [InlineData("uk-gb")]
    public void The_region_s_own_file_says_how_it_is_started_in_its_namespace(string region) =>
        Assert.Contains($"NAMESPACE={region} dapr run -f regions/{region}/dapr.yaml", File.ReadAllText(Path.Combine(RepositoryFolder.Root, "regions", region, "dapr.yaml")), StringComparison.Ordinal);

    static List<(string Name, string? Value)> Flags(IReadOnlyList<string> command)
    {
        var flags = new List<(string Name, string? Value)>();
        foreach (var word in command.Skip(1))
        {
            if (word.StartsWith("--", StringComparison.Ordinal))
            {
                flags.Add((word, null));
            }
            else
            {
                Assert.Null(flags[^1].Value);
                flags[^1] = (flags[^1].Name, word);
            }
        }
        return flags;
    }

    ClusterPlan Plan()
    {
        var run = RunFolder.Prepare(_run);
        var options = new ClusterOptions(RepositoryFolder.Root, _run, Broker: "rabbitmq", Sidecar: SidecarKind.Daprd) { Variable = name => $"amqp://{name}:1@127.0.0.1/{name}" };
        var tye = TyeFile.Read(Path.Combine(RepositoryFolder.Root, "tye.yaml"));
        return ClusterPlanner.Plan(options, tye, run, "/usr/bin", tye.Places.Select(place => new PlaceFolder(run, place).Prepare()).ToDictionary(place => place, place => place.PostgresData));
    }

    public void Dispose() => Directory.Delete(_run, recursive: true);
}
