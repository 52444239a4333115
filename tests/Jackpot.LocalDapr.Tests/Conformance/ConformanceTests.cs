using Jackpot.LocalDapr.Tests.Running;
using Jackpot.TestKit;
using Jackpot.TestKit.Servers;

namespace Jackpot.LocalDapr.Tests.Conformance;

/// <summary>What the run of every case in Jackpot.Dapr.Conformance.Tests leaves out: the broker RabbitMQ, and a sidecar that asks for a token.</summary>
public sealed class ConformanceTests(PostgresFixture postgres, RabbitFixture rabbit) : IClassFixture<RabbitFixture>
{
    const string Token = "a-token-of-the-test";

    readonly TestSidecar _app = TestSidecar.New("conformance");

    [Fact]
    public async Task Publish_and_delivery_are_the_same_on_RabbitMQ()
    {
        await using var node = await TestNode.StartAsync(await postgres.CreateDatabaseAsync(), prepared =>
        {
            Prepare(prepared);
            prepared.Write("pubsub.yaml", Broker("pubsub.rabbitmq", $"{{ name: connectionString, value: \"{rabbit.Address}\" }}"));
        }, _app);
        await RunAsync(node, "--filter", "B.3,B.4");
    }

    [Fact]
    public async Task With_an_API_token_every_endpoint_asks_for_it()
    {
        _app.More["daprApiToken"] = Token;
        await using var node = await TestNode.StartAsync(await postgres.CreateDatabaseAsync(), Prepare, _app);
        await RunAsync(node, "--api-token", Token, "--filter", "G limits,B.7,D.7");
    }

    static void Prepare(TestNode node)
    {
        File.WriteAllText(Path.Combine(node.Folder, "secrets.json"), """{"first":"1","nested":{"second":"2"}}""");
        node.Write("secrets.yaml", $$"""
            apiVersion: dapr.io/v1alpha1
            kind: Component
            metadata: { name: secrets }
            spec:
              type: secretstores.local.file
              version: v1
              metadata:
                - { name: secretsFile, value: "{{Path.Combine(node.Folder, "secrets.json")}}" }
            """);
        node.Write("files.yaml", $$"""
            apiVersion: dapr.io/v1alpha1
            kind: Component
            metadata: { name: files }
            spec:
              type: bindings.localstorage
              version: v1
              metadata:
                - { name: rootPath, value: "{{Path.Combine(node.Folder, "files")}}" }
            """);
    }

    static string Broker(string type, string? field) => $$"""
        apiVersion: dapr.io/v1alpha1
        kind: Component
        metadata: { name: pubsub }
        spec:
          type: {{type}}
          version: v1
          metadata: [ {{field}} ]
        """;

    async Task RunAsync(TestNode node, params string[] more)
    {
        string[] arguments =
        [
            "--dapr-http-port", $"{_app.HttpPort}", "--dapr-grpc-port", $"{_app.GrpcPort}", "--app-port", $"{_app.AppPort}",
            "--admin-port", $"{node.AdminPort}", "--binding", "files", "--parallel", "16", .. more,
        ];
        await using var run = ChildProcess.StartDotnet(BuiltProgram(), arguments);
        var exitCode = await run.ExitAsync(TimeSpan.FromMinutes(4));
        TestContext.Current.TestOutputHelper?.WriteLine(run.Output);
        Assert.True(exitCode == 0, run.Output);
    }

    static string BuiltProgram()
    {
        var localDapr = RepositoryFolder.BuiltDll("services/Jackpot.LocalDapr");
        var configuration = Path.GetFileName(Path.GetDirectoryName(Path.GetDirectoryName(localDapr)))!;
        return Path.Combine(RepositoryFolder.Root, "tests/Jackpot.Dapr.Conformance/bin", configuration, "net10.0/jackpot-conformance.dll");
    }
}
