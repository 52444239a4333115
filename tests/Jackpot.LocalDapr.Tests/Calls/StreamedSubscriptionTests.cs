using Dapr.AppCallback.Autogen.Grpc.v1;
using Dapr.Client.Autogen.Grpc.v1;
using Grpc.Core;
using Grpc.Net.Client;
using Jackpot.LocalDapr.Tests.Running;
using Jackpot.TestKit;
using DaprCalls = Dapr.Client.Autogen.Grpc.v1.Dapr.DaprClient;

namespace Jackpot.LocalDapr.Tests.Calls;

/// <summary>What the proof by the .NET SDK leaves out of the gRPC API.</summary>
public sealed class StreamedSubscriptionTests(PostgresFixture postgres)
{
    static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    readonly TestSidecar _app = TestSidecar.New("orders");

    static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task What_is_on_its_way_when_the_stream_closes_goes_to_the_next_subscriber_and_not_to_the_dead_letter_topic()
    {
        await using var app = await TestApp.Create(_app.AppPort).On("GET", "/dapr/subscribe", 200, """[{"pubsubname":"pubsub","topic":"dead","route":"/on-dead"}]""").StartAsync();
        await using var node = await TestNode.StartAsync(await postgres.CreateDatabaseAsync(), _app);
        await node.AppUpAsync(_app);
        using var channel = GrpcChannel.ForAddress($"http://127.0.0.1:{_app.GrpcPort}");
        var calls = new DaprCalls(channel);
        string id;
        using (var first = await SubscribedAsync(calls, "bets"))
        {
            await node.SendAsync(_app, "POST", "/v1.0/publish/pubsub/bets", "1");
            id = (await NextAsync(first)).Id;
        }

        using var second = await SubscribedAsync(calls, "bets");
        var again = await NextAsync(second);
        await second.RequestStream.WriteAsync(Answer(again, TopicEventResponse.Types.TopicEventResponseStatus.Success), Ct);
        // The topic of the dead letters keeps its order: had the event gone there, it would have come before this one.
        await node.SendAsync(_app, "POST", "/v1.0/publish/pubsub/dead", "2");
        await Eventually.TrueAsync(() => app.CallsTo("/on-dead").Count == 1);

        Assert.Equal((id, "1"), (again.Id, again.Data.ToStringUtf8()));
    }

    /// <summary>That broker makes a publisher wait for its subscribers.</summary>
    [Fact]
    public async Task Publisher_on_the_in_memory_broker_does_not_wait_for_a_stream_that_has_closed()
    {
        await using var node = await TestNode.StartAsync(await postgres.CreateDatabaseAsync(), prepared => prepared.Write("pubsub.yaml", """
            apiVersion: dapr.io/v1alpha1
            kind: Component
            metadata: { name: pubsub }
            spec: { type: pubsub.in-memory, version: v1 }
            """), _app);
        using var channel = GrpcChannel.ForAddress($"http://127.0.0.1:{_app.GrpcPort}");
        Task<(int Status, string Body)> published;
        using (var call = await SubscribedAsync(new DaprCalls(channel), "bets"))
        {
            published = node.SendAsync(_app, "POST", "/v1.0/publish/pubsub/bets", "1");
            await NextAsync(call);
        }

        Assert.Equal(204, (await published.WaitAsync(Patience, Ct)).Status);
    }

    [Fact]
    public async Task Event_that_is_to_be_tried_again_comes_again()
    {
        await using var app = await TestApp.Create(_app.AppPort).StartAsync();
        await using var node = await TestNode.StartAsync(await postgres.CreateDatabaseAsync(), _app);
        using var channel = GrpcChannel.ForAddress($"http://127.0.0.1:{_app.GrpcPort}");
        using var call = await SubscribedAsync(new DaprCalls(channel), "bets", deadLetterTopic: "");
        await node.SendAsync(_app, "POST", "/v1.0/publish/pubsub/bets", "1");
        await call.RequestStream.WriteAsync(Answer(await NextAsync(call), TopicEventResponse.Types.TopicEventResponseStatus.Retry), Ct);

        Assert.Equal("1", (await NextAsync(call)).Data.ToStringUtf8());
    }

    [Theory]
    [InlineData("no-such-pubsub", "bets", "pubsub no-such-pubsub is not found")]
    [InlineData("pubsub", "", "topic is empty in pubsub pubsub")]
    public async Task Subscription_that_cannot_be_is_InvalidArgument(string pubSub, string topic, string message)
    {
        await using var node = await TestNode.StartAsync(await postgres.CreateDatabaseAsync(), _app);
        using var channel = GrpcChannel.ForAddress($"http://127.0.0.1:{_app.GrpcPort}");
        using var call = new DaprCalls(channel).SubscribeTopicEventsAlpha1(cancellationToken: Ct);
        await call.RequestStream.WriteAsync(new SubscribeTopicEventsRequestAlpha1 { InitialRequest = new() { PubsubName = pubSub, Topic = topic } }, Ct);

        var refused = await Assert.ThrowsAsync<RpcException>(() => call.ResponseStream.MoveNext(Ct));

        Assert.Equal((StatusCode.InvalidArgument, message), (refused.StatusCode, refused.Status.Detail));
    }

    static async Task<AsyncDuplexStreamingCall<SubscribeTopicEventsRequestAlpha1, SubscribeTopicEventsResponseAlpha1>> SubscribedAsync(
        DaprCalls calls, string topic, string deadLetterTopic = "dead")
    {
        var call = calls.SubscribeTopicEventsAlpha1(cancellationToken: Ct);
        await call.RequestStream.WriteAsync(
            new SubscribeTopicEventsRequestAlpha1 { InitialRequest = new() { PubsubName = "pubsub", Topic = topic, DeadLetterTopic = deadLetterTopic } }, Ct);
        Assert.True(await call.ResponseStream.MoveNext(Ct) && call.ResponseStream.Current.InitialResponse is not null);
        return call;
    }

    static async Task<TopicEventRequest> NextAsync(AsyncDuplexStreamingCall<SubscribeTopicEventsRequestAlpha1, SubscribeTopicEventsResponseAlpha1> call)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(Ct);
        limit.CancelAfter(Patience);
        Assert.True(await call.ResponseStream.MoveNext(limit.Token));
        return call.ResponseStream.Current.EventMessage;
    }

    static SubscribeTopicEventsRequestAlpha1 Answer(TopicEventRequest seen, TopicEventResponse.Types.TopicEventResponseStatus status) =>
        new() { EventProcessed = new() { Id = seen.Id, Status = new TopicEventResponse { Status = status } } };
}
