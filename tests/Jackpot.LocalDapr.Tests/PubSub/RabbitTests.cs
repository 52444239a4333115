using System.Text.Json;
using Jackpot.LocalProcesses;
using Jackpot.LocalDapr.Tests.Running;
using Jackpot.TestKit;
using Jackpot.TestKit.Servers;
using Microsoft.AspNetCore.Http;

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

    /// <summary>daprd makes the batches of a bulk subscription of the messages in flight, so that a wrong setting is slow: here it is as well.</summary>
    [Theory]
    [InlineData("""- { name: prefetchCount, value: "1" }""", 1)]
    [InlineData("""- { name: concurrency, value: single }""", 1)]
    [InlineData("""- { name: prefetchCount, value: "20" }""", 20)]
    [InlineData("""- { name: prefetchCount, value: "250" }""", 100)]
    public async Task A_batch_holds_as_many_messages_as_the_component_lets_be_in_flight(string setting, int largest)
    {
        const int Messages = 250;
        await using var app = await AppAsync(200, "bulkSubscribe", """{"enabled":true,"maxMessagesCount":100,"maxAwaitDurationMs":20}""");
        app.On("POST", "/on-bet", AnswerAllAsync);
        await using var node = await StartAsync(Careful + "\n    " + setting);

        var entries = Enumerable.Range(0, Messages).Select(i => $$"""{"entryId":"{{i}}","event":{{i}},"contentType":"application/json"}""");
        Assert.Equal(204, (await node.SendAsync(_app, "POST", $"/v1.0/publish/bulk/pubsub/{_topic}", $"[{string.Join(',', entries)}]")).Status);

        await Eventually.TrueAsync(() => Sizes(app).Sum() >= Messages, TimeSpan.FromSeconds(60), "every message came");
        Assert.Equal(Messages, Sizes(app).Sum());
        Assert.InRange(Sizes(app).Max(), Math.Max(1, largest / 4), largest);
    }

    [Fact]
    public async Task More_in_flight_than_daprd_can_count_is_refused_at_start()
    {
        var failed = await Assert.ThrowsAnyAsync<Exception>(() => StartAsync(Careful + """

                - { name: prefetchCount, value: "256" }
            """));

        Assert.Contains("'prefetchCount' is '256'; it must be at most 255", failed.ToString(), StringComparison.Ordinal);
    }

    static IReadOnlyList<int> Sizes(TestApp app) => [.. app.CallsTo("/on-bet").Select(call => JsonElement.Parse(call.Body).GetProperty("entries").GetArrayLength())];

    static async Task AnswerAllAsync(AppCall call, HttpContext http)
    {
        var ids = JsonElement.Parse(call.Body).GetProperty("entries").EnumerateArray().Select(entry => entry.GetProperty("entryId").GetString());
        await http.Response.WriteAsJsonAsync(new { statuses = ids.Select(id => new { entryId = id, status = "SUCCESS" }) });
    }

    Task<TestApp> AppAsync(int status) => AppAsync(status, "metadata", "{}");

    Task<TestApp> AppAsync(int status, string field, string value) => TestApp.Create(_app.AppPort)
        .On("GET", "/dapr/subscribe", 200, $$"""[{"pubsubname":"pubsub","topic":"{{_topic}}","route":"/on-bet","{{field}}":{{value}}}]""").On("POST", "/on-bet", status).StartAsync();

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
