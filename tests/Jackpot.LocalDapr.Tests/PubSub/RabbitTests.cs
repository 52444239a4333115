using System.Text.Json;
using Jackpot.LocalProcesses;
using Jackpot.LocalDapr.Tests.Running;
using Jackpot.TestKit;
using Jackpot.TestKit.Servers;

namespace Jackpot.LocalDapr.Tests.PubSub;

/// <summary>The broker that this run's rule chooses: see docs/testing.md.</summary>
public sealed class RabbitTests(PostgresFixture postgres, RabbitFixture rabbit) : RabbitSuite(postgres, rabbit), IClassFixture<RabbitFixture>;

/// <summary>The same on a broker in a container.</summary>
public sealed class RabbitContainerTests(PostgresFixture postgres, RabbitContainerFixture rabbit) : RabbitSuite(postgres, rabbit), IClassFixture<RabbitContainerFixture>;

public abstract class RabbitSuite(PostgresFixture postgres, ServerFixture rabbit)
{
    const string Careful = """
            - { name: deletedWhenUnused, value: "false" }
            - { name: deliveryMode, value: "2" }
            - { name: publisherConfirm, value: "true" }
            - { name: requeueInFailure, value: "true" }
        """;

    readonly TestSidecar _app = TestSidecar.New("orders");
    readonly string _topic = $"bets-{Guid.NewGuid():N}";

    [Fact]
    public async Task With_the_defaults_a_message_that_fails_is_gone()
    {
        await using var app = await AppAsync(500);
        await using var node = await StartAsync("");
        await PublishAsync(node, 1);
        await Eventually.TrueAsync(() => Values(app).Count == 1);
        await PublishAsync(node, 2);
        await Eventually.TrueAsync(() => Values(app).Contains(2));
        Assert.Equal([1, 2], Values(app));
    }

    [Fact]
    public async Task With_requeue_a_message_that_fails_comes_again()
    {
        var calls = 0;
        await using var app = await AppAsync(200);
        app.On("POST", "/on-bet", (_, http) =>
        {
            http.Response.StatusCode = ++calls < 3 ? 500 : 200;
            return Task.CompletedTask;
        });
        await using var node = await StartAsync(Careful);
        await PublishAsync(node, 1);
        await Eventually.TrueAsync(() => calls == 3);
    }

    [Fact]
    public async Task Messages_published_while_the_app_is_down_and_LocalDapr_is_killed_arrive_later()
    {
        await using (var app = await AppAsync(200))
        {
            await using var first = await StartAsync(Careful);
            await PublishAsync(first, 0);
            await Eventually.TrueAsync(() => Values(app).Count == 1);
        }
        await using var node = await TestNode.StartAsync(await postgres.CreateDatabaseAsync(), prepared => Write(prepared, Careful), _app);
        await Task.WhenAll(Enumerable.Range(1, 50).Select(i => PublishAsync(node, i)));
        await node.KillAndRestartAsync();
        await using var again = await AppAsync(200);

        // Message 0 may come again: the first node can be stopped before its acknowledgement has reached the broker.
        await Eventually.TrueAsync(() => Values(again).Distinct().Count(value => value != 0) == 50);
    }

    [Fact]
    public async Task A_broker_out_of_reach_is_refused_at_start_with_file_and_line()
    {
        var port = FreePort.Next();
        var failed = await Assert.ThrowsAnyAsync<Exception>(async () =>
            await TestNode.StartAsync(await postgres.CreateDatabaseAsync(), prepared => prepared.Write("pubsub.yaml", Yaml($"amqp://guest:guest@127.0.0.1:{port}", "")), _app));
        Assert.Contains("pubsub.yaml:10: component 'pubsub': RabbitMQ cannot be reached", failed.ToString(), StringComparison.Ordinal);
    }

    Task<TestApp> AppAsync(int status) => TestApp.Create(_app.AppPort)
        .On("GET", "/dapr/subscribe", 200, $$"""[{"pubsubname":"pubsub","topic":"{{_topic}}","route":"/on-bet"}]""").On("POST", "/on-bet", status).StartAsync();

    async Task<TestNode> StartAsync(string settings)
    {
        var node = await TestNode.StartAsync(await postgres.CreateDatabaseAsync(), prepared => Write(prepared, settings), _app);
        await node.AppUpAsync(_app);
        return node;
    }

    void Write(TestNode node, string settings) => node.Write("pubsub.yaml", Yaml(rabbit.Address, settings));

    static string Yaml(string address, string settings) => $"""
        apiVersion: dapr.io/v1alpha1
        kind: Component
        metadata:
          name: pubsub
        spec:
          type: pubsub.rabbitmq
          version: v1
          metadata:
            # The address of the broker.
            - name: connectionString
              value: {address}
        {settings}
        """;

    async Task PublishAsync(TestNode node, int value) => Assert.Equal(204, (await node.SendAsync(_app, "POST", $"/v1.0/publish/pubsub/{_topic}", $"{value}")).Status);

    static IReadOnlyList<int> Values(TestApp app) => [.. app.CallsTo("/on-bet").Select(call =>
    {
        using var envelope = JsonDocument.Parse(call.Body);
        return envelope.RootElement.GetProperty("data").GetInt32();
    })];
}
