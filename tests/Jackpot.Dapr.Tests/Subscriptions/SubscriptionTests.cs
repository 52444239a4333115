using System.Net;
using System.Text;
using Jackpot.Dapr.Subscriptions;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace Jackpot.Dapr.Tests.Subscriptions;

public sealed record Order(int Id);

public sealed class SubscriptionTests
{
    static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Subscribe_lists_rules_in_order_default_dead_letter_and_metadata()
    {
        await using var app = await TestApp.StartAsync(_ => { }, web =>
        {
            web.MapPost("/late", () => { }).WithTopic("bus", "orders", new TopicOptions { PubsubName = "", Name = "", Match = "event.type == \"b\"", Priority = 2 });
            web.MapPost("/early", () => { }).WithTopic(new TopicOptions { PubsubName = "bus", Name = "orders", Match = "event.type == \"a\"", Priority = 1 });
            web.MapPost("/rest", () => { }).WithTopic(new TopicOptions
            {
                PubsubName = "bus", Name = "orders", DeadLetterTopic = "orders-dead", EnableRawPayload = true, BulkSubscribe = new(10, 50),
            });
            web.MapPost("/attributed", [Topic("bus", "other")] () => { });
            web.MapSubscribeHandler();
        });

        var list = await app.Http.GetStringAsync("/dapr/subscribe", Ct);

        Assert.Equal(
            """[{"pubsubname":"bus","topic":"orders","deadLetterTopic":"orders-dead","metadata":{"rawPayload":"true"},"routes":{"rules":[{"match":"event.type == \"a\"","path":"/early"},{"match":"event.type == \"b\"","path":"/late"}],"default":"/rest"},"bulkSubscribe":{"enabled":true,"maxMessagesCount":10,"maxAwaitDurationMs":50}},{"pubsubname":"bus","topic":"other","routes":{"rules":[],"default":"/attributed"}}]""",
            list);
    }

    [Fact]
    public async Task Two_endpoints_without_a_rule_on_one_topic_are_an_error()
    {
        await using var app = await TestApp.StartAsync(_ => { }, web =>
        {
            web.MapPost("/a", () => { }).WithTopic("bus", "t");
            web.MapPost("/b", () => { }).WithTopic("bus", "t");
            web.MapSubscribeHandler();
        });

        using var response = await app.Http.GetAsync("/dapr/subscribe", Ct);

        Assert.Equal(HttpStatusCode.InternalServerError, response.StatusCode);
    }

    [Fact]
    public async Task Envelope_is_bound_with_its_id_and_data()
    {
        CloudEvent<Order>? seen = null;
        await using var app = await TestApp.StartAsync(_ => { }, web => web.MapPost("/orders", (CloudEvent<Order> order) =>
        {
            seen = order;
            return TopicResult.Success;
        }).WithTopic("bus", "orders"));

        using var response = await DeliverAsync(app, "/orders", """{"id":"e1","source":"shop","type":"com.dapr.event.sent","specversion":"1.0","datacontenttype":"application/json","topic":"orders","pubsubname":"bus","time":"2026-01-02T03:04:05Z","data":{"id":7}}""");

        Assert.Equal("""{"status":"SUCCESS"}""", await response.Content.ReadAsStringAsync(Ct));
        Assert.Equal("e1", seen!.Id);
        Assert.Equal(7, seen.Data!.Id);
        Assert.Equal("bus", seen.PubsubName);
    }

    [Fact]
    public async Task Retry_and_drop_travel_as_words_in_a_200()
    {
        await using var app = await TestApp.StartAsync(_ => { }, web =>
        {
            web.MapPost("/retry", () => TopicResult.Retry);
            web.MapPost("/drop", () => TopicResult.Drop);
        });

        using var retry = await DeliverAsync(app, "/retry", "{}");
        using var drop = await DeliverAsync(app, "/drop", "{}");

        Assert.Equal(HttpStatusCode.OK, retry.StatusCode);
        Assert.Equal("""{"status":"RETRY"}""", await retry.Content.ReadAsStringAsync(Ct));
        Assert.Equal("""{"status":"DROP"}""", await drop.Content.ReadAsStringAsync(Ct));
    }

    [Theory]
    [InlineData("""{"datacontenttype":"application/json","data":{"id":7}}""", """{"id":7}""", "application/json")]
    [InlineData("""{"datacontenttype":"text/plain","data":"hello"}""", "hello", "text/plain")]
    [InlineData("""{"data":"hello"}""", "\"hello\"", "application/json")]
    [InlineData("""{"datacontenttype":"image/png","data_base64":"AQI="}""", "\u0001\u0002", "image/png")]
    public async Task Unwrapping_leaves_the_payload_and_its_content_type(string envelope, string payload, string contentType)
    {
        (string Body, string? Type) seen = default;
        await using var app = await TestApp.StartAsync(_ => { }, web =>
        {
            web.UseCloudEvents();
            web.MapPost("/t", async (HttpRequest request) => seen = (await new StreamReader(request.Body).ReadToEndAsync(Ct), request.ContentType));
        });

        using var _ = await DeliverAsync(app, "/t", envelope);

        Assert.Equal((payload, contentType), seen);
    }

    [Fact]
    public async Task Broken_envelope_is_400()
    {
        await using var app = await TestApp.StartAsync(_ => { }, web => web.MapPost("/t", (CloudEvent<Order> order) => order.Id));

        using var response = await DeliverAsync(app, "/t", "{not json");

        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
    }

    [Fact]
    public async Task Bulk_delivery_is_bound_and_answered_entry_by_entry()
    {
        await using var app = await TestApp.StartAsync(_ => { }, web => web.MapPost("/bulk", (BulkSubscribeMessage<CloudEvent<Order>> bulk) =>
            new BulkSubscribeAppResponse([.. bulk.Entries.Select(entry => new BulkSubscribeAppResponseEntry(
                entry.EntryId, entry.Event.Data!.Id == 1 ? BulkSubscribeAppResponseStatus.SUCCESS : BulkSubscribeAppResponseStatus.RETRY))])));

        using var response = await app.Http.PostAsync("/bulk", new StringContent(
            """{"id":"b1","topic":"t","entries":[{"entryId":"x","event":{"id":"e1","data":{"id":1}},"contentType":"application/cloudevents+json"},{"entryId":"y","event":{"id":"e2","data":{"id":2}}}]}""", Encoding.UTF8, "application/json"), Ct);

        Assert.Equal("""{"statuses":[{"entryId":"x","status":"SUCCESS"},{"entryId":"y","status":"RETRY"}]}""", await response.Content.ReadAsStringAsync(Ct));
    }

    [Fact]
    public async Task App_token_guards_the_topic_and_the_list()
    {
        await using var app = await TestApp.StartAsync(
            _ => { },
            web =>
            {
                web.MapPost("/t", () => "done").WithTopic("bus", "t");
                web.MapSubscribeHandler();
            },
            appToken: "secret");

        using var delivery = await DeliverAsync(app, "/t", "{}");
        using var list = await app.Http.GetAsync("/dapr/subscribe", Ct);
        app.Http.DefaultRequestHeaders.Add("dapr-api-token", "secret");
        using var allowed = await DeliverAsync(app, "/t", "{}");

        Assert.Equal(HttpStatusCode.Unauthorized, delivery.StatusCode);
        Assert.Equal(HttpStatusCode.Unauthorized, list.StatusCode);
        Assert.Equal(HttpStatusCode.OK, allowed.StatusCode);
    }

    static Task<HttpResponseMessage> DeliverAsync(TestApp app, string path, string envelope) =>
        app.Http.PostAsync(path, new StringContent(envelope, Encoding.UTF8, "application/cloudevents+json"), Ct);
}
