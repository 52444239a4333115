using System.Text.Json.Nodes;
using Jackpot.Cli.Cluster;
using Jackpot.TestKit;

namespace Jackpot.Cli.Tests.Cluster;

/// <summary>The plan that the repository's own tye.yaml gives. Nothing is started here.</summary>
public sealed class ClusterPlannerTests : IDisposable
{
    readonly string _run = Directory.CreateTempSubdirectory("jackpot-plan-").FullName;

    [Fact]
    public void Without_options_the_ports_are_those_of_the_file()
    {
        var plan = Plan(new ClusterOptions(RepositoryFolder.Root, _run));

        Assert.Equal("http://127.0.0.1:8080", plan.Urls["gateway-eu-mt"]);
        Assert.Equal("http://127.0.0.1:8081", plan.Urls["gateway-uk-gb"]);
        Assert.Equal("http://127.0.0.1:8095", plan.Urls["wallet-eu-mt"]);
    }

    [Fact]
    public void A_base_port_numbers_every_port_in_a_row()
    {
        var ports = Plan(new ClusterOptions(RepositoryFolder.Root, _run, BasePort: 30_000)).Ports().Select(entry => entry.Port).Order().ToArray();

        Assert.Equal(Enumerable.Range(30_000, ports.Length), ports);
    }

    [Fact]
    public void Replicas_share_the_app_id_and_the_database_and_nothing_else()
    {
        var plan = Plan(new ClusterOptions(RepositoryFolder.Root, _run, Replicas: 3));

        var replicas = plan.Processes.Where(process => process.Service == "shard-eu-mt-1").ToArray();
        Assert.Equal(["shard-eu-mt-1", "shard-eu-mt-1-2", "shard-eu-mt-1-3"], replicas.Select(replica => replica.Name));
        Assert.Single(replicas.Select(replica => replica.Environment["APP_ID"]).Distinct());
        Assert.Single(replicas.Select(replica => replica.Environment["ConnectionStrings__Shard"]).Distinct());
        Assert.Equal(9, replicas.SelectMany(replica => replica.Ports.Values).Distinct().Count());
        var gateway = plan.Processes.Single(process => process.Name == "gateway-eu-mt");
        Assert.Equal(string.Join(',', replicas.Select(replica => replica.Url)), gateway.Environment["Gateway__Shards__eu-mt-1"]);
    }

    [Fact]
    public void Every_replica_of_a_Dapr_application_gets_a_sidecar_on_the_ports_that_it_was_told()
    {
        var plan = Plan(new ClusterOptions(RepositoryFolder.Root, _run, Replicas: 2));

        var sidecars = JsonNode.Parse(File.ReadAllText(Path.Combine(_run, "eu-mt", "sidecars.json")))!["sidecars"]!.AsArray();
        foreach (var app in plan.Processes.Where(process => process.Environment.GetValueOrDefault("APP_ID")?.Contains("eu-mt", StringComparison.Ordinal) == true))
        {
            var sidecar = Assert.Single(sidecars, sidecar => $"{sidecar!["appPort"]}" == app.Environment["APP_PORT"])!;
            Assert.Equal(app.Environment["APP_ID"], (string?)sidecar["appId"]);
            Assert.Equal(app.Environment["DAPR_HTTP_PORT"], $"{sidecar["httpPort"]}");
            Assert.Equal(app.Environment["DAPR_GRPC_PORT"], $"{sidecar["grpcPort"]}");
            Assert.Contains($"http://127.0.0.1:{app.Environment["APP_PORT"]}", app.Environment["ASPNETCORE_URLS"], StringComparison.Ordinal);
        }
        Assert.Equal(6, sidecars.Count);
    }

    [Fact]
    public void A_gateway_hears_its_sidecar_on_another_port_than_its_tenants()
    {
        var gateway = Plan(new ClusterOptions(RepositoryFolder.Root, _run)).Processes.Single(process => process.Name == "gateway-eu-mt");
        Assert.Equal("http://127.0.0.1:8080", gateway.Url);
        Assert.NotEqual("8080", gateway.Environment["APP_PORT"]);
    }

    [Fact]
    public void Another_broker_is_another_folder_in_the_same_place()
    {
        Plan(new ClusterOptions(RepositoryFolder.Root, _run, Broker: "rabbitmq") { Variable = BrokerOf });

        var paths = JsonNode.Parse(File.ReadAllText(Path.Combine(_run, "eu-mt", "sidecars.json")))!["sidecars"]![0]!["resourcesPaths"]!.AsArray().Select(path => (string)path!).ToArray();
        Assert.Contains(Path.Combine(RepositoryFolder.Root, "components/rabbitmq"), paths);
        Assert.DoesNotContain(Path.Combine(RepositoryFolder.Root, "components/local"), paths);
        Assert.All(paths, path => Assert.True(Directory.Exists(path), path));
    }

    [Fact]
    public void An_app_of_ones_own_may_listen_to_everything_and_publish_bets()
    {
        Plan(new ClusterOptions(RepositoryFolder.Root, _run) { App = ("my-app", 5000) });

        var sidecar = JsonNode.Parse(File.ReadAllText(Path.Combine(_run, "eu-mt", "sidecars.json")))!["sidecars"]!.AsArray().Single(sidecar => (string?)sidecar!["appId"] == "my-app")!;
        var folder = (string)Assert.Single(sidecar["resourcesPaths"]!.AsArray())!;
        var (events, bets) = (File.ReadAllText(Path.Combine(folder, "events.yaml")), File.ReadAllText(Path.Combine(folder, "bets.yaml")));
        Assert.All([events, bets], file => Assert.Matches(@"scopes: \[[^\]]*, my-app\]", file));
        Assert.Contains("my-app=jp.contribution.recorded", events, StringComparison.Ordinal);
        Assert.Contains("my-app=bets", bets, StringComparison.Ordinal);
        Assert.DoesNotMatch(@"publishingScopes[^-]*my-app=jp", events);
        Assert.DoesNotContain("my-app", File.ReadAllText(Path.Combine(_run, "own-app", "audit-store.yaml")), StringComparison.Ordinal);
        Assert.True(File.Exists(Path.Combine(folder, "secrets.yaml")));
    }

    [Fact]
    public void Secrets_are_made_once_and_only_their_owner_may_read_them()
    {
        var first = new PlaceFolder(RunFolder.Prepare(_run), "eu-mt").Prepare();
        var second = new PlaceFolder(RunFolder.Prepare(_run), "eu-mt").Prepare();
        var other = new PlaceFolder(RunFolder.Prepare(_run), "uk-gb").Prepare();

        Assert.Equal(64, first.Secrets.DrawSealingKey.Length);
        Assert.Equal(first.Secrets, second.Secrets);
        Assert.NotEqual(first.Secrets.DrawSealingKey, other.Secrets.DrawSealingKey);
        Assert.NotEqual(first.Secrets.PostgresPassword, other.Secrets.PostgresPassword);
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(first.SecretsFile));
    }

    [Fact]
    public void A_tye_file_that_is_not_yaml_is_named_with_its_line()
    {
        var file = Path.Combine(_run, "tye.yaml");
        File.WriteAllText(file, "name: x\nservices:\n  - name: [\n");

        var error = Assert.Throws<CommandException>(() => TyeFile.Read(file));

        Assert.StartsWith($"{file}(", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void No_two_places_share_a_database_server_a_password_a_broker_or_a_secret()
    {
        var plan = Plan(new ClusterOptions(RepositoryFolder.Root, _run));

        Assert.Equal(["postgres-eu-mt", "postgres-uk-gb", "postgres-network"], plan.Postgres.Select(postgres => postgres.Name));
        Assert.Equal(3, plan.Postgres.Select(postgres => postgres.Port).Distinct().Count());
        Assert.Equal(3, plan.Postgres.Select(postgres => postgres.Password).Distinct().Count());
        Assert.Equal(3, plan.Postgres.Select(postgres => postgres.DataDirectory).Distinct().Count());
        var regions = plan.Processes.Where(process => process.Name.StartsWith("localdapr-", StringComparison.Ordinal)).ToArray();
        Assert.Equal(2, regions.Length);
        foreach (var name in (string[])["JACKPOT_DAPR_CONNECTION", "JACKPOT_SECRETS_FILE", "JACKPOT_EVENTS_BROKER", "JACKPOT_BETS_BROKER"])
        {
            Assert.Equal(2, regions.Select(process => process.Environment[name]).Distinct().Count());
        }
        Assert.Single(regions.Select(process => process.Environment["JACKPOT_NETWORK_BROKER"]).Distinct());
        Assert.All(regions, process => Assert.Contains($"Port={plan.Postgres[2].Port};", process.Environment["JACKPOT_NETWORK_BROKER"], StringComparison.Ordinal));
        foreach (var process in plan.Processes.Where(process => process.Name.Contains("uk-gb", StringComparison.Ordinal)))
        {
            Assert.DoesNotContain(process.Environment.Values, value => value.Contains(plan.Postgres[0].Password, StringComparison.Ordinal));
        }
    }

    [Fact]
    public void One_region_alone_leaves_the_others_out()
    {
        var plan = Plan(new ClusterOptions(RepositoryFolder.Root, _run) { Region = "uk-gb" });

        Assert.Equal(["postgres-uk-gb", "postgres-network"], plan.Postgres.Select(postgres => postgres.Name));
        Assert.All(plan.Processes, process => Assert.Contains("uk-gb", process.Name, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("amqp://a:1@host/eu-mt", "amqp://a:1@host/eu-mt", "amqp://c:3@host/network", "JACKPOT_BROKER_URL_EU_MT and JACKPOT_BROKER_URL_UK_GB")]
    [InlineData("amqp://a:1@host/eu-mt", "amqp://b:2@host/uk-gb", "amqp://a:1@host/network", "JACKPOT_BROKER_URL_EU_MT and JACKPOT_BROKER_URL_NETWORK")]
    [InlineData("amqp://a:1@host/eu-mt", "", "amqp://c:3@host/network", "JACKPOT_BROKER_URL_UK_GB")]
    public void Brokers_that_two_places_would_share_are_refused(string euMt, string ukGb, string network, string message)
    {
        var options = new ClusterOptions(RepositoryFolder.Root, _run, Broker: "rabbitmq")
        {
            Variable = name => name.EndsWith("EU_MT", StringComparison.Ordinal) ? euMt : name.EndsWith("UK_GB", StringComparison.Ordinal) ? ukGb : network,
        };

        Assert.Contains(message, Assert.Throws<CommandException>(() => Plan(options)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_run_folder_of_the_version_before_is_left_as_it_is()
    {
        File.WriteAllText(Path.Combine(_run, "secrets.json"), "{}");

        Assert.Contains("its data is untouched", Assert.Throws<CommandException>(() => RunFolder.Prepare(_run)).Message, StringComparison.Ordinal);
        Assert.Equal(["secrets.json"], Directory.GetFileSystemEntries(_run).Select(Path.GetFileName));
    }

    static string? BrokerOf(string variable) => $"amqp://{variable}:1@127.0.0.1/{variable}";

    ClusterPlan Plan(ClusterOptions options)
    {
        var run = RunFolder.Prepare(_run);
        var tye = TyeFile.Read(Path.Combine(RepositoryFolder.Root, "tye.yaml"));
        var places = tye.Places.Where(options.Includes).Select(place => new PlaceFolder(run, place).Prepare());
        return ClusterPlanner.Plan(options, tye, run, "/usr/bin", places.ToDictionary(place => place, place => place.PostgresData));
    }

    public void Dispose() => Directory.Delete(_run, recursive: true);
}
