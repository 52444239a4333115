using System.Text.Json;
using Jackpot.LocalDapr.Tests.Running;
using Jackpot.TestKit;
using Jackpot.TestKit.Servers;
using Microsoft.AspNetCore.Http;

namespace Jackpot.LocalDapr.Tests.PubSub;

/// <summary>Redis Streams on a real server: see docs/testing.md.</summary>
public sealed class RedisTests(PostgresFixture postgres, RedisFixture redis) : IClassFixture<RedisFixture>
{
    const string Fast = """
            - { name: concurrency, value: "250" }
            - { name: queueDepth, value: "1000" }
            - { name: poolSize, value: "50" }
            - { name: redeliverInterval, value: 200ms }
            - { name: processingTimeout, value: 1s }
        """;

    readonly TestSidecar _app = TestSidecar.New("orders");
    readonly string _topic = $"bets-{Guid.NewGuid():N}";

    [Fact]
    public async Task What_was_published_before_the_group_was_there_arrives_and_each_message_once()
    {
        await using (var first = await TestNode.StartAsync(await postgres.CreateDatabaseAsync(), node => Write(node, Fast), _app))
        {
            await PublishAsync(first, 50);
        }
        await using var app = await AppAsync("metadata", "{}");
        await using var node = await StartAsync(Fast);
        await PublishAsync(node, 50);

        await Eventually.TrueAsync(() => app.CallsTo("/on-bet").Count >= 100);
        Assert.Equal(100, app.CallsTo("/on-bet").Count);
    }

    [Fact]
    public async Task What_a_killed_LocalDapr_had_in_flight_comes_again()
    {
        var block = new TaskCompletionSource();
        var held = 0;
        await using var app = await AppAsync("metadata", "{}");
        app.On("POST", "/on-bet", (_, _) => Interlocked.Increment(ref held) <= 10 ? block.Task : Task.CompletedTask);
        await using var node = await StartAsync(Fast);
        await PublishAsync(node, 10);
        await Eventually.TrueAsync(() => Volatile.Read(ref held) >= 10);

        await node.KillAndRestartAsync();

        await Eventually.TrueAsync(() => app.CallsTo("/on-bet").Skip(10).Select(call => call.Body).Distinct().Count() >= 10, TimeSpan.FromSeconds(30), "all ten came again");
        block.SetResult();
    }

    [Theory]
    [InlineData("1", 1)]
    [InlineData("20", 20)]
    [InlineData("250", 100)]
    public async Task A_batch_holds_as_many_messages_as_the_component_lets_be_in_flight(string concurrency, int largest)
    {
        const int Messages = 250;
        await using var app = await AppAsync("bulkSubscribe", """{"enabled":true,"maxMessagesCount":100,"maxAwaitDurationMs":20}""");
        app.On("POST", "/on-bet", async (call, http) => await http.Response.WriteAsJsonAsync(new
        {
            statuses = JsonElement.Parse(call.Body).GetProperty("entries").EnumerateArray().Select(entry => new { entryId = entry.GetProperty("entryId").GetString(), status = "SUCCESS" }),
        }));
        await using var node = await StartAsync(Fast.Replace("\"250\"", $"\"{concurrency}\"", StringComparison.Ordinal));

        await PublishAsync(node, Messages);

        await Eventually.TrueAsync(() => Sizes(app).Sum() >= Messages, TimeSpan.FromSeconds(60), "every message came");
        Assert.InRange(Sizes(app).Max(), Math.Max(1, largest / 4), largest);
    }

    /// <summary>Each subscribed topic takes a connection; what is left is for publishers.</summary>
    [Fact]
    public async Task Without_a_connection_left_in_the_pool_nothing_can_be_published()
    {
        await using var app = await AppAsync("metadata", "{}");
        await using var node = await StartAsync("""
                - { name: poolSize, value: "1" }
            """);

        var (status, body) = await node.SendAsync(_app, "POST", $"/v1.0/publish/pubsub/{_topic}", "1");

        Assert.Equal(500, status);
        Assert.Contains("connection pool timeout", body, StringComparison.Ordinal);
    }

    static IReadOnlyList<int> Sizes(TestApp app) => [.. app.CallsTo("/on-bet").Select(call => JsonElement.Parse(call.Body).GetProperty("entries").GetArrayLength())];

    async Task PublishAsync(TestNode node, int count)
    {
        var entries = Enumerable.Range(0, count).Select(i => $$"""{"entryId":"{{i}}","event":{{i}},"contentType":"application/json"}""");
        Assert.Equal(204, (await node.SendAsync(_app, "POST", $"/v1.0/publish/bulk/pubsub/{_topic}", $"[{string.Join(',', entries)}]")).Status);
    }

    Task<TestApp> AppAsync(string field, string value) => TestApp.Create(_app.AppPort)
        .On("GET", "/dapr/subscribe", 200, $$"""[{"pubsubname":"pubsub","topic":"{{_topic}}","route":"/on-bet","{{field}}":{{value}}}]""").On("POST", "/on-bet", 200).StartAsync();

    async Task<TestNode> StartAsync(string settings)
    {
        var node = await TestNode.StartAsync(await postgres.CreateDatabaseAsync(), prepared => Write(prepared, settings), _app);
        await node.AppUpAsync(_app);
        return node;
    }

    void Write(TestNode node, string settings) => node.Write("pubsub.yaml", $"""
        apiVersion: dapr.io/v1alpha1
        kind: Component
        metadata:
          name: pubsub
        spec:
          type: pubsub.redis
          version: v1
          metadata:
            - name: redisHost
              value: {redis.Address}
        {settings}
        """);
}
