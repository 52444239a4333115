using System.Text;
using System.Text.Json;
using Dapr;
using Dapr.AppCallback.Autogen.Grpc.v1;
using Dapr.Client.Autogen.Grpc.v1;
using DotnetSdk.App;
using DotnetSdk.Running;
using Grpc.Core;

namespace DotnetSdk.Checks;

[Group("publish and subscribe")]
static class PublishChecks
{
    public static async Task Event_arrives_unwrapped(Bench b)
    {
        var order = new Order(b.NewName(), 4, "note");
        await b.Client.PublishEventAsync(b.PubSub, Topics.Plain, order);
        var seen = await b.Seen.WaitFor(Topics.PathOf(Topics.Plain), order.Id);
        Expect.Equal(order, JsonSerializer.Deserialize<Order>(seen.Body, JsonSerializerOptions.Web), "order");
    }

    public static async Task Event_is_bound_to_the_parameter_of_the_handler(Bench b)
    {
        var id = b.NewName();
        await b.Client.PublishEventAsync(b.PubSub, Topics.Typed, new Order(id, 4));
        await b.Seen.WaitFor(Topics.PathOf(Topics.Typed), id);
    }

    public static async Task Event_without_data_arrives(Bench b)
    {
        var id = b.NewName();
        await b.Client.PublishEventAsync(b.PubSub, Topics.Plain, new Dictionary<string, string> { ["cloudevent.id"] = id });
        await b.Seen.WaitFor(Topics.PathOf(Topics.Plain), id);
    }

    public static async Task Envelope_tells_topic_source_and_type(Bench b)
    {
        var id = b.NewName();
        await b.Client.PublishEventAsync(b.PubSub, Topics.Plain, new Order(id, 1));
        var headers = (await b.Seen.WaitFor(Topics.PathOf(Topics.Plain), id)).Headers;
        Expect.Equal(Topics.Plain, headers.GetValueOrDefault("Cloudevent.topic"), "topic");
        Expect.Equal(b.AppId, headers.GetValueOrDefault("Cloudevent.source"), "source");
        Expect.Equal("com.dapr.event.sent", headers.GetValueOrDefault("Cloudevent.type"), "type");
    }

    public static async Task Metadata_overrides_the_envelope(Bench b)
    {
        var id = b.NewName();
        await b.Client.PublishEventAsync(b.PubSub, Topics.Plain, new Order(id, 1), new Dictionary<string, string> { ["cloudevent.id"] = id + "e", ["cloudevent.source"] = "elsewhere" });
        var headers = (await b.Seen.WaitFor(Topics.PathOf(Topics.Plain), id)).Headers;
        Expect.Equal($"{id}e elsewhere", $"{headers.GetValueOrDefault("Cloudevent.id")} {headers.GetValueOrDefault("Cloudevent.source")}", "id and source");
    }

    public static async Task Cloud_event_is_published_as_it_is(Bench b)
    {
        var id = b.NewName();
        await b.Client.PublishEventAsync(b.PubSub, Topics.Plain, new CloudEvent<Order>(new Order(id, 2)) { Id = id + "c", Source = new Uri("urn:sdk"), Type = "sdk.own", SpecVersion = "1.0" });
        var headers = (await b.Seen.WaitFor(Topics.PathOf(Topics.Plain), $"\"{id}\"")).Headers;
        Expect.Equal("sdk.own urn:sdk", $"{headers.GetValueOrDefault("Cloudevent.type")} {headers.GetValueOrDefault("Cloudevent.source")}", "type and source");
    }

    public static async Task Bytes_are_published_with_their_content_type(Bench b)
    {
        var id = b.NewName();
        await b.Client.PublishByteEventAsync(b.PubSub, Topics.Plain, Encoding.UTF8.GetBytes($"plain text {id}"), "text/plain");
        Expect.Equal($"plain text {id}", (await b.Seen.WaitFor(Topics.PathOf(Topics.Plain), id)).Body, "text");
    }

    public static async Task Bulk_publish_delivers_every_event(Bench b)
    {
        string[] ids = [.. Enumerable.Range(0, 20).Select(_ => b.NewName())];
        var response = await b.Client.BulkPublishEventAsync(b.PubSub, Topics.Plain, [.. ids.Select(id => new Order(id, 1))]);
        Expect.Equal(0, response.FailedEntries.Count, "failed entries");
        await Task.WhenAll(ids.Select(id => b.Seen.WaitFor(Topics.PathOf(Topics.Plain), id)));
    }

    public static async Task Bulk_subscription_gets_events_in_batches(Bench b)
    {
        string[] ids = [.. Enumerable.Range(0, 12).Select(_ => b.NewName())];
        await b.Client.BulkPublishEventAsync(b.PubSub, Topics.Bulk, [.. ids.Select(id => new Order(id, 1))]);
        await Task.WhenAll(ids.Select(id => b.Seen.WaitFor(Topics.PathOf(Topics.Bulk), id)));
    }

    public static async Task Rule_that_matches_takes_the_event(Bench b)
    {
        var id = b.NewName();
        await b.Client.PublishEventAsync(b.PubSub, Topics.Routed, new Order(id, 1), new Dictionary<string, string> { ["cloudevent.type"] = Topics.SpecialType });
        await b.Seen.WaitFor(Topics.SpecialPath, id);
        Expect.Equal(0, b.Seen.Count(Topics.PathOf(Topics.Routed), id), "deliveries to the default route");
    }

    public static async Task Event_that_no_rule_matches_takes_the_default_route(Bench b)
    {
        var id = b.NewName();
        await b.Client.PublishEventAsync(b.PubSub, Topics.Routed, new Order(id, 1));
        await b.Seen.WaitFor(Topics.PathOf(Topics.Routed), id);
        Expect.Equal(0, b.Seen.Count(Topics.SpecialPath, id), "deliveries to the rule's route");
    }

    public static async Task Event_whose_handler_fails_goes_to_the_dead_letter_topic(Bench b)
    {
        var id = b.NewName();
        await b.Client.PublishEventAsync(b.PubSub, Topics.Failing, new Order(id, 1));
        await b.Seen.WaitFor(Topics.PathOf(Topics.Dead), id);
        Expect.True(b.Seen.Count(Topics.PathOf(Topics.Failing), id) >= 1, "the handler never saw it");
    }

    public static async Task Event_that_the_handler_drops_goes_to_the_dead_letter_topic(Bench b)
    {
        var id = b.NewName();
        await b.Client.PublishEventAsync(b.PubSub, Topics.Dropped, new Order(id, 1));
        await b.Seen.WaitFor(Topics.PathOf(Topics.Dead), id);
        Expect.Equal(1, b.Seen.Count(Topics.PathOf(Topics.Dropped), id), "deliveries");
    }

    public static async Task Raw_payload_reaches_a_raw_subscription(Bench b)
    {
        var id = b.NewName();
        await b.Client.PublishEventAsync(b.PubSub, Topics.Raw, new Order(id, 1), new Dictionary<string, string> { ["rawPayload"] = "true" });
        await b.Seen.WaitFor(Topics.PathOf(Topics.Raw), id);
    }

    public static Task Unknown_component_is_InvalidArgument(Bench b) =>
        Expect.Refused(StatusCode.InvalidArgument, () => b.Client.PublishEventAsync("no-such-pubsub", Topics.Plain, new Order("x", 1)));

    public static async Task Streamed_subscription_gets_events_and_takes_verdicts(Bench b)
    {
        var topic = b.NewName("stream");
        using var call = b.Calls.SubscribeTopicEventsAlpha1(b.Headers);
        await SubscribeAsync(call, b.PubSub, topic, "");
        await b.Client.PublishEventAsync(b.PubSub, topic, new Order("one", 1));
        var seen = await NextAsync(call);
        Expect.Equal(new Order("one", 1), JsonSerializer.Deserialize<Order>(seen.Data.Span, JsonSerializerOptions.Web), "order");
        Expect.Equal($"{topic} {b.PubSub} com.dapr.event.sent", $"{seen.Topic} {seen.PubsubName} {seen.Type}", "topic, pub/sub and type");
        await AnswerAsync(call, seen, TopicEventResponse.Types.TopicEventResponseStatus.Success);
        await b.Client.PublishEventAsync(b.PubSub, topic, new Order("two", 2));
        Expect.Equal("two", JsonSerializer.Deserialize<Order>((await NextAsync(call)).Data.Span, JsonSerializerOptions.Web)!.Id, "second order");
    }

    public static async Task Streamed_event_that_is_dropped_goes_to_the_dead_letter_topic(Bench b)
    {
        var (topic, id) = (b.NewName("stream"), b.NewName());
        using var call = b.Calls.SubscribeTopicEventsAlpha1(b.Headers);
        await SubscribeAsync(call, b.PubSub, topic, Topics.Dead);
        await b.Client.PublishEventAsync(b.PubSub, topic, new Order(id, 1));
        await AnswerAsync(call, await NextAsync(call), TopicEventResponse.Types.TopicEventResponseStatus.Drop);
        await b.Seen.WaitFor(Topics.PathOf(Topics.Dead), id);
    }

    static async Task SubscribeAsync(
        AsyncDuplexStreamingCall<SubscribeTopicEventsRequestAlpha1, SubscribeTopicEventsResponseAlpha1> call, string pubSub, string topic, string deadLetterTopic)
    {
        var initial = new SubscribeTopicEventsRequestInitialAlpha1 { PubsubName = pubSub, Topic = topic };
        if (deadLetterTopic.Length > 0)
        {
            initial.DeadLetterTopic = deadLetterTopic;
        }
        await call.RequestStream.WriteAsync(new SubscribeTopicEventsRequestAlpha1 { InitialRequest = initial });
        Expect.True(await call.ResponseStream.MoveNext(CancellationToken.None) && call.ResponseStream.Current.InitialResponse is not null, "the subscription was not answered");
    }

    static async Task<TopicEventRequest> NextAsync(AsyncDuplexStreamingCall<SubscribeTopicEventsRequestAlpha1, SubscribeTopicEventsResponseAlpha1> call)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        Expect.True(await call.ResponseStream.MoveNext(limit.Token), "the stream ended");
        return call.ResponseStream.Current.EventMessage;
    }

    static Task AnswerAsync(
        AsyncDuplexStreamingCall<SubscribeTopicEventsRequestAlpha1, SubscribeTopicEventsResponseAlpha1> call, TopicEventRequest seen, TopicEventResponse.Types.TopicEventResponseStatus status) =>
        call.RequestStream.WriteAsync(new SubscribeTopicEventsRequestAlpha1 { EventProcessed = new() { Id = seen.Id, Status = new TopicEventResponse { Status = status } } });
}
