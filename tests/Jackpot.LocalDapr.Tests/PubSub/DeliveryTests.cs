using System.Text.Json;
using Jackpot.LocalDapr.Tests.Running;
using Jackpot.TestKit;
using Microsoft.AspNetCore.Http;

namespace Jackpot.LocalDapr.Tests.PubSub;

public sealed class DeliveryTests(PostgresFixture postgres)
{
    const string Subscribe = """[{"pubsubname":"pubsub","topic":"bets","route":"/on-bet"},{"pubsubname":"pubsub","topic":"dead","route":"/on-dead"}]""";

    readonly TestSidecar _app = TestSidecar.New("orders");

    [Fact]
    public async Task A_published_event_arrives_once_in_an_envelope()
    {
        await using var app = await TestApp.Create(_app.AppPort).On("GET", "/dapr/subscribe", 200, Subscribe).StartAsync();
        await using var node = await StartAsync();
        Assert.Equal((204, ""), await node.SendAsync(_app, "POST", "/v1.0/publish/pubsub/bets", """{"amount":2.00}"""));
        await Eventually.TrueAsync(() => app.CallsTo("/on-bet").Count == 1);
        var call = app.CallsTo("/on-bet").Single();
        Assert.Equal("application/cloudevents+json", call.Headers["Content-Type"]);
        using var envelope = JsonDocument.Parse(call.Body);
        Assert.Equal("2.00", envelope.RootElement.GetProperty("data").GetProperty("amount").GetRawText());
        Assert.Equal("orders", envelope.RootElement.GetProperty("source").GetString());
        Assert.Equal("bets", envelope.RootElement.GetProperty("topic").GetString());
        Assert.Equal("com.dapr.event.sent", envelope.RootElement.GetProperty("type").GetString());
    }

    [Fact]
    public async Task Subscriptions_are_read_whatever_the_case_of_their_fields()
    {
        const string AsTheSdkWritesIt = """
            [{"pubsubName":"pubsub","topic":"bets","routes":{"rules":[{"match":"event.type == \"special\"","path":"/on-special"}],"default":"/on-bet"},"deadLetterTopic":"dead"},
             {"PubsubName":"pubsub","Topic":"dead","Route":"/on-dead"}]
            """;
        await using var app = await TestApp.Create(_app.AppPort).On("GET", "/dapr/subscribe", 200, AsTheSdkWritesIt).On("POST", "/on-special", 404).StartAsync();
        await using var node = await StartAsync();
        await node.SendAsync(_app, "POST", "/v1.0/publish/pubsub/bets", "1");
        await node.SendAsync(_app, "POST", "/v1.0/publish/pubsub/bets?metadata.cloudevent.type=special", "2");
        await Eventually.TrueAsync(() => app.CallsTo("/on-bet").Count == 1 && app.CallsTo("/on-special").Count == 1 && app.CallsTo("/on-dead").Count == 1);
    }

    [Theory]
    [InlineData(404, "")]
    [InlineData(200, """{"status":"DROP"}""")]
    public async Task What_the_app_drops_never_comes_again(int status, string body)
    {
        await using var app = await TestApp.Create(_app.AppPort).On("GET", "/dapr/subscribe", 200, Subscribe).On("POST", "/on-bet", status, body).StartAsync();
        await using var node = await StartAsync();
        await node.SendAsync(_app, "POST", "/v1.0/publish/pubsub/bets", "1");
        await node.SendAsync(_app, "POST", "/v1.0/publish/pubsub/dead", "2");
        await Eventually.TrueAsync(() => app.CallsTo("/on-dead").Count == 1);
        await MessagesGoneAsync(node);
        Assert.Single(app.CallsTo("/on-bet"));
    }

    [Theory]
    [InlineData("[1]")]
    [InlineData("7")]
    [InlineData("no json")]
    public async Task A_raw_message_that_is_no_event_is_dropped_and_the_next_one_arrives(string poison)
    {
        await using var app = await TestApp.Create(_app.AppPort).On("GET", "/dapr/subscribe", 200, Subscribe).StartAsync();
        await using var node = await StartAsync();
        await node.SendAsync(_app, "POST", "/v1.0/publish/pubsub/bets?metadata.rawPayload=true", poison);
        await node.SendAsync(_app, "POST", "/v1.0/publish/pubsub/bets", "1");
        await Eventually.TrueAsync(() => app.CallsTo("/on-bet").Count == 1);
        await MessagesGoneAsync(node);
    }

    [Theory]
    [InlineData(500, "")]
    [InlineData(200, """{"status":"RETRY"}""")]
    [InlineData(200, """{"status":"WHATEVER"}""")]
    public async Task What_the_app_refuses_comes_again_until_it_takes_it(int status, string body)
    {
        var calls = 0;
        await using var app = await TestApp.Create(_app.AppPort).On("GET", "/dapr/subscribe", 200, Subscribe)
            .On("POST", "/on-bet", async (_, http) =>
            {
                http.Response.StatusCode = ++calls < 3 ? status : 200;
                await http.Response.WriteAsync(calls < 3 ? body : "");
            }).StartAsync();
        await using var node = await StartAsync();
        await node.SendAsync(_app, "POST", "/v1.0/publish/pubsub/bets", "1");
        await MessagesGoneAsync(node);
        Assert.Equal(3, calls);
    }

    [Fact]
    public async Task After_the_retries_of_the_inbound_policy_a_message_goes_to_the_dead_letter_topic()
    {
        const string WithDeadLetter = """[{"pubsubname":"pubsub","topic":"bets","route":"/on-bet","deadLetterTopic":"dead"},{"pubsubname":"pubsub","topic":"dead","route":"/on-dead"}]""";
        await using var app = await TestApp.Create(_app.AppPort).On("GET", "/dapr/subscribe", 200, WithDeadLetter).On("POST", "/on-bet", 500).StartAsync();
        await using var node = await TestNode.StartAsync(await postgres.CreateDatabaseAsync(), prepared => prepared.Write("resiliency.yaml", """
            apiVersion: dapr.io/v1alpha1
            kind: Resiliency
            metadata: { name: res }
            spec:
              policies:
                retries:
                  DefaultPubsubComponentInboundRetryPolicy: { policy: constant, duration: 10ms, maxRetries: 2 }
            """), _app);
        await node.AppUpAsync(_app);
        await node.SendAsync(_app, "POST", "/v1.0/publish/pubsub/bets", "1");
        await Eventually.TrueAsync(() => app.CallsTo("/on-dead").Count == 1);
        Assert.Equal(3, app.CallsTo("/on-bet").Count);
    }

    [Fact]
    public async Task Messages_survive_kill_9_and_those_in_flight_come_again()
    {
        var block = new TaskCompletionSource();
        var blocking = true;
        await using var app = await TestApp.Create(_app.AppPort).On("GET", "/dapr/subscribe", 200, Subscribe)
            .On("POST", "/on-bet", async (_, http) =>
            {
                if (blocking)
                {
                    await block.Task.WaitAsync(http.RequestAborted);
                }
            }).StartAsync();
        await using var node = await StartAsync();
        await Task.WhenAll(Enumerable.Range(0, 200).Select(i => node.SendAsync(_app, "POST", "/v1.0/publish/pubsub/bets", $"{i}")));
        await Eventually.TrueAsync(() => app.CallsTo("/on-bet").Count > 0);
        blocking = false;
        await node.KillAndRestartAsync();
        await MessagesGoneAsync(node);
        var bodies = app.CallsTo("/on-bet").Select(call => JsonDocument.Parse(call.Body).RootElement.GetProperty("data").GetInt32()).ToHashSet();
        Assert.Equal(Enumerable.Range(0, 200), bodies.Order());
    }

    [Fact]
    public async Task A_process_whose_lease_connection_breaks_keeps_what_it_has_in_hand()
    {
        const string Held = "FROM pg_locks WHERE locktype = 'advisory' AND granted AND classid = 1279545420 AND database = (SELECT oid FROM pg_database WHERE datname = current_database())";
        var block = new TaskCompletionSource();
        var replica = TestSidecar.New("orders");
        await using var app = await TestApp.Create(_app.AppPort).On("GET", "/dapr/subscribe", 200, Subscribe)
            .On("POST", "/on-bet", (_, http) => block.Task.WaitAsync(http.RequestAborted)).StartAsync();
        await using var node = await StartAsync();
        await using var database = Npgsql.NpgsqlDataSource.Create(node.ConnectionString);
        await node.SendAsync(_app, "POST", "/v1.0/publish/pubsub/bets", "1");
        await Eventually.TrueAsync(() => app.CallsTo("/on-bet").Count == 1, TimeSpan.FromSeconds(30));
        var (owner, pid) = (await ScalarAsync<long>($"SELECT objid::bigint {Held}"), await ScalarAsync<int>($"SELECT pid {Held}"));

        await ScalarAsync<bool>($"SELECT pg_terminate_backend({pid})");
        await Eventually.TrueAsync(
            async () => await ScalarAsync<long>($"SELECT count(*) {Held} AND objid::bigint = {owner} AND pid <> {pid}") == 1, TimeSpan.FromSeconds(30), "the lock is held again");

        await using var second = await TestApp.Create(replica.AppPort).On("GET", "/dapr/subscribe", 200, Subscribe).StartAsync();
        await using var other = await TestNode.StartAsync(node.ConnectionString, replica);
        await other.AppUpAsync(replica);
        await node.SendAsync(_app, "POST", "/v1.0/publish/pubsub/bets", "2");
        await Eventually.TrueAsync(() => app.CallsTo("/on-bet").Count + second.CallsTo("/on-bet").Count >= 2, TimeSpan.FromSeconds(30), "the next message");
        block.SetResult();
        await MessagesGoneAsync(node);
        Assert.Equal(2, app.CallsTo("/on-bet").Count + second.CallsTo("/on-bet").Count);

        async Task<T> ScalarAsync<T>(string sql)
        {
            await using var command = database.CreateCommand(sql);
            return (T)(await command.ExecuteScalarAsync(TestContext.Current.CancellationToken))!;
        }
    }

    [Fact]
    public async Task Replicas_of_one_app_compete_and_other_apps_get_their_own_copy()
    {
        var replica = TestSidecar.New("orders");
        var other = TestSidecar.New("billing");
        await using var first = await TestApp.Create(_app.AppPort).On("GET", "/dapr/subscribe", 200, Subscribe).StartAsync();
        await using var second = await TestApp.Create(replica.AppPort).On("GET", "/dapr/subscribe", 200, Subscribe).StartAsync();
        await using var third = await TestApp.Create(other.AppPort).On("GET", "/dapr/subscribe", 200, Subscribe).StartAsync();
        await using var node = await TestNode.StartAsync(await postgres.CreateDatabaseAsync(), _app, replica, other);
        await Task.WhenAll(node.AppUpAsync(_app), node.AppUpAsync(replica), node.AppUpAsync(other));
        await Task.WhenAll(Enumerable.Range(0, 100).Select(i => node.SendAsync(_app, "POST", "/v1.0/publish/pubsub/bets", $"{i}")));
        await MessagesGoneAsync(node);
        Assert.Equal(100, first.CallsTo("/on-bet").Count + second.CallsTo("/on-bet").Count);
        Assert.Equal(100, third.CallsTo("/on-bet").Count);
    }

    async Task<TestNode> StartAsync()
    {
        var node = await TestNode.StartAsync(await postgres.CreateDatabaseAsync(), _app);
        await node.AppUpAsync(_app);
        return node;
    }

    static async Task MessagesGoneAsync(TestNode node)
    {
        await using var database = Npgsql.NpgsqlDataSource.Create(node.ConnectionString);
        await Eventually.TrueAsync(async () =>
        {
            await using var count = database.CreateCommand("SELECT count(*) FROM localdapr.message");
            return (long)(await count.ExecuteScalarAsync())! == 0;
        }, TimeSpan.FromSeconds(30), "an empty message table");
    }
}
