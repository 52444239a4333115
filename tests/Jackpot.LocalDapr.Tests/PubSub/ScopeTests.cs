using Dapr.Client.Autogen.Grpc.v1;
using Grpc.Core;
using Grpc.Net.Client;
using Jackpot.LocalDapr.Tests.Running;
using Jackpot.TestKit;
using DaprClient = Dapr.Client.Autogen.Grpc.v1.Dapr.DaprClient;

namespace Jackpot.LocalDapr.Tests.PubSub;

/// <summary>Who sees a component, and who may publish and subscribe to what: with the errors of daprd.</summary>
public sealed class ScopeTests(PostgresFixture postgres)
{
    const string Subscribe = """
        [{"pubsubname":"scoped","topic":"news","route":"/on-news"},{"pubsubname":"scoped","topic":"secrets","route":"/on-secret"},
         {"pubsubname":"scoped","topic":"bets","route":"/on-bet","deadLetterTopic":"dead"}]
        """;

    static CancellationToken Ct => TestContext.Current.CancellationToken;

    readonly TestSidecar _publisher = TestSidecar.New("publisher");
    readonly TestSidecar _listener = TestSidecar.New("listener");
    readonly TestSidecar _stranger = TestSidecar.New("stranger");

    [Theory]
    [InlineData("news", 204)]
    [InlineData("secrets", 204)]
    [InlineData("bets", 403)]
    [InlineData("unlisted", 403)]
    public async Task An_app_publishes_what_it_is_named_for_and_nothing_else(string topic, int status)
    {
        await using var node = await StartAsync();

        var (single, singleBody) = await node.SendAsync(_publisher, "POST", $"/v1.0/publish/scoped/{topic}", "1");
        var (bulk, bulkBody) = await node.SendAsync(_publisher, "POST", $"/v1.0/publish/bulk/scoped/{topic}", """[{"entryId":"1","event":"x","contentType":"text/plain"}]""");

        Assert.Equal((status, status), (single, bulk));
        Assert.All([singleBody, bulkBody], body => Assert.Contains(status == 204 ? "" : $"topic {topic} is not allowed for app id publisher", body, StringComparison.Ordinal));
        Assert.Equal(status == 403, singleBody.Contains("ERR_PUBSUB_FORBIDDEN", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_subscription_that_is_not_allowed_is_named_in_the_log_and_gets_nothing()
    {
        await using var app = await TestApp.Create(_listener.AppPort).On("GET", "/dapr/subscribe", 200, Subscribe).StartAsync();
        await using var node = await StartAsync();
        await node.AppUpAsync(_listener);

        await node.SendAsync(_publisher, "POST", "/v1.0/publish/scoped/secrets", "1");
        await node.SendAsync(_publisher, "POST", "/v1.0/publish/scoped/news", "2");

        await Eventually.TrueAsync(() => app.CallsTo("/on-news").Count == 1);
        await node.Process.PrintedAsync("subscription to topic 'secrets' on pubsub 'scoped' is not allowed");
        Assert.Empty(app.CallsTo("/on-secret"));
    }

    [Fact]
    public async Task A_streamed_subscription_that_is_not_allowed_ends_with_daprds_error()
    {
        await using var node = await StartAsync();
        using var channel = GrpcChannel.ForAddress($"http://127.0.0.1:{_listener.GrpcPort}");
        using var call = new DaprClient(channel).SubscribeTopicEventsAlpha1(cancellationToken: Ct);
        await call.RequestStream.WriteAsync(new SubscribeTopicEventsRequestAlpha1 { InitialRequest = new() { PubsubName = "scoped", Topic = "secrets" } }, Ct);

        var refused = await Assert.ThrowsAsync<RpcException>(() => call.ResponseStream.MoveNext(Ct));

        Assert.Equal((StatusCode.Unknown, "subscription to topic 'secrets' on pubsub 'scoped' is not allowed"), (refused.StatusCode, refused.Status.Detail));
    }

    [Fact]
    public async Task An_app_that_is_not_in_scope_does_not_have_the_component()
    {
        await using var node = await StartAsync();

        var (status, body) = await node.SendAsync(_stranger, "POST", "/v1.0/publish/scoped/news", "1");

        Assert.Equal(404, status);
        Assert.Contains("pubsub scoped is not found", body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_dead_letter_topic_that_the_app_may_not_publish_to_takes_nothing_and_the_message_comes_again()
    {
        await using var app = await TestApp.Create(_listener.AppPort).On("GET", "/dapr/subscribe", 200, Subscribe)
            .On("POST", "/on-bet", 200, """{"status":"DROP"}""").StartAsync();
        await using var node = await StartAsync();
        await node.AppUpAsync(_listener);

        await node.SendAsync(_listener, "POST", "/v1.0/publish/scoped/bets", "1");

        await node.Process.PrintedAsync("topic dead is not allowed for app id listener");
        await Eventually.TrueAsync(() => app.CallsTo("/on-bet").Count > 1);
    }

    async Task<TestNode> StartAsync() => await TestNode.StartAsync(await postgres.CreateDatabaseAsync(), node => node.Write("scoped.yaml", $"""
        apiVersion: dapr.io/v1alpha1
        kind: Component
        metadata:
          name: scoped
        spec:
          type: pubsub.postgresql
          version: v1
          metadata:
            - name: connectionString
              value: "{node.ConnectionString}"
            - name: redeliveryDelay
              value: 100ms
            - name: allowedTopics
              value: news, secrets, bets, dead
            - name: protectedTopics
              value: news, secrets, bets, dead
            - name: publishingScopes
              value: >-
                publisher=news,secrets;
                listener=bets;
            - name: subscriptionScopes
              value: >-
                publisher=;
                listener=news,bets;
        scopes: [publisher, listener]
        """), _publisher, _listener, _stranger);
}
