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
        Assert.Equal("http://127.0.0.1:8095", plan.Urls["wallet"]);
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
    public void Every_shard_replica_gets_a_sidecar_on_the_ports_that_it_was_told()
    {
        var plan = Plan(new ClusterOptions(RepositoryFolder.Root, _run, Replicas: 2));

        var sidecars = JsonNode.Parse(File.ReadAllText(Path.Combine(_run, "sidecars.json")))!["sidecars"]!.AsArray();
        foreach (var shard in plan.Processes.Where(process => process.Environment.ContainsKey("APP_ID")))
        {
            var sidecar = Assert.Single(sidecars, sidecar => (int)sidecar!["appPort"]! == shard.Ports["http"])!;
            Assert.Equal(shard.Environment["APP_ID"], (string?)sidecar["appId"]);
            Assert.Equal(shard.Environment["DAPR_HTTP_PORT"], $"{sidecar["httpPort"]}");
            Assert.Equal(shard.Environment["DAPR_GRPC_PORT"], $"{sidecar["grpcPort"]}");
        }
        Assert.Equal(6, sidecars.Count);
    }

    [Fact]
    public void Another_broker_is_another_folder_in_the_same_place()
    {
        Plan(new ClusterOptions(RepositoryFolder.Root, _run, Broker: "rabbitmq"));

        var paths = JsonNode.Parse(File.ReadAllText(Path.Combine(_run, "sidecars.json")))!["sidecars"]![0]!["resourcesPaths"]!.AsArray().Select(path => (string)path!).ToArray();
        Assert.Contains(Path.Combine(RepositoryFolder.Root, "components/rabbitmq"), paths);
        Assert.DoesNotContain(Path.Combine(RepositoryFolder.Root, "components/local"), paths);
        Assert.All(paths, path => Assert.True(Directory.Exists(path), path));
    }

    [Fact]
    public void An_app_of_ones_own_may_listen_to_everything_and_publish_bets()
    {
        Plan(new ClusterOptions(RepositoryFolder.Root, _run) { App = ("my-app", 5000) });

        var sidecar = JsonNode.Parse(File.ReadAllText(Path.Combine(_run, "sidecars.json")))!["sidecars"]!.AsArray().Single(sidecar => (string?)sidecar!["appId"] == "my-app")!;
        var folder = (string)Assert.Single(sidecar["resourcesPaths"]!.AsArray())!;
        var (events, bets) = (File.ReadAllText(Path.Combine(folder, "events.yaml")), File.ReadAllText(Path.Combine(folder, "bets.yaml")));
        Assert.All([events, bets], file => Assert.Matches(@"scopes: \[[^\]]*, my-app\]", file));
        Assert.Contains("my-app=jp.contribution.recorded", events, StringComparison.Ordinal);
        Assert.Contains("my-app=bets", bets, StringComparison.Ordinal);
        Assert.DoesNotMatch(@"publishingScopes[^-]*my-app=jp", events);
        Assert.True(File.Exists(Path.Combine(folder, "secrets.yaml")));
    }

    [Fact]
    public void Secrets_are_made_once_and_only_their_owner_may_read_them()
    {
        var first = RunFolder.Prepare(_run);
        var second = RunFolder.Prepare(_run);

        Assert.Equal(64, first.Secrets.DrawSealingKey.Length);
        Assert.Equal(first.Secrets, second.Secrets);
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

    ClusterPlan Plan(ClusterOptions options)
    {
        var run = RunFolder.Prepare(_run);
        return ClusterPlanner.Plan(options, TyeFile.Read(Path.Combine(RepositoryFolder.Root, "tye.yaml")), run, "/usr/bin", run.PostgresData);
    }

    public void Dispose() => Directory.Delete(_run, recursive: true);
}
