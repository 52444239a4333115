using System.Globalization;
using System.Text;
using System.Text.Json;
using Jackpot.Dapr.Conformance.App;
using Jackpot.Dapr.Conformance.Running;

namespace Jackpot.Dapr.Conformance.Cases;

[Group("B.3 publish")]
static class PublishCases
{
    public static async Task Publish_is_204_and_the_app_gets_the_event(Bench b) => await Delivered(b, "{}");

    public static async Task Put_publishes_as_post_does(Bench b)
    {
        var mark = b.NewName();
        (await b.Put(PathOf(b, "plain"), Bench.Json(new { mark }))).Is(204);
        await Arrived(b, mark);
    }

    public static async Task Json_payload_is_json_in_the_event(Bench b)
    {
        var data = (await Delivered(b, "{\"n\":7}")).GetProperty("data");
        Expect.Equal(JsonValueKind.Object, data.ValueKind, "kind of data");
    }

    public static async Task Text_payload_is_a_string_in_the_event(Bench b)
    {
        var mark = b.NewName();
        (await b.Post(PathOf(b, "plain"), mark, "text/plain")).Is(204);
        var envelope = await Arrived(b, mark);
        Expect.Equal(mark, envelope.GetProperty("data").GetString(), "data");
        Expect.Contains("text/plain", envelope.GetProperty("datacontenttype").GetString(), "datacontenttype");
    }

    public static async Task Binary_payload_is_base64_in_the_event(Bench b)
    {
        var mark = Encoding.ASCII.GetBytes(b.NewName());
        (await b.Send(HttpMethod.Post, PathOf(b, "plain"), mark, "application/octet-stream")).Is(204);
        var envelope = await Arrived(b, Convert.ToBase64String(mark));
        Expect.True(envelope.GetProperty("data_base64").GetBytesFromBase64().SequenceEqual(mark), "data_base64 differs");
    }

    public static async Task Event_has_an_id_and_version_1_0(Bench b)
    {
        var envelope = await Delivered(b, "{}");
        Expect.True(envelope.GetProperty("id").GetString()!.Length > 0, "no id");
        Expect.Equal("1.0", envelope.GetProperty("specversion").GetString(), "specversion");
    }

    public static async Task Two_events_have_different_ids(Bench b) =>
        Expect.True((await Delivered(b, "{}")).GetProperty("id").GetString() != (await Delivered(b, "{}")).GetProperty("id").GetString(), "the ids are equal");

    public static async Task Source_is_the_app_id(Bench b) => Expect.Equal(b.AppId, (await Delivered(b, "{}")).GetProperty("source").GetString(), "source");

    public static async Task Type_is_com_dapr_event_sent(Bench b) =>
        Expect.Equal("com.dapr.event.sent", (await Delivered(b, "{}")).GetProperty("type").GetString(), "type");

    public static async Task Event_names_its_topic_and_component(Bench b)
    {
        var envelope = await Delivered(b, "{}");
        Expect.Equal(b.App.Topics.Name("plain"), envelope.GetProperty("topic").GetString(), "topic");
        Expect.Equal(b.Options.PubSub, envelope.GetProperty("pubsubname").GetString(), "pubsubname");
    }

    public static async Task Content_type_of_the_payload_is_kept(Bench b) =>
        Expect.Contains("application/json", (await Delivered(b, "{}")).GetProperty("datacontenttype").GetString(), "datacontenttype");

    public static async Task Time_is_rfc_3339(Bench b) =>
        Expect.True(
            DateTimeOffset.TryParse((await Delivered(b, "{}")).GetProperty("time").GetString(), CultureInfo.InvariantCulture, out var time)
            && (DateTimeOffset.UtcNow - time).Duration() < TimeSpan.FromMinutes(5),
            "time is not now");

    public static async Task Trace_of_the_publisher_is_in_the_event(Bench b)
    {
        const string Trace = "4bf92f3577b34da6a3ce929d0e0e4736";
        var mark = b.NewName();
        (await b.Post(PathOf(b, "plain"), Bench.Json(new { mark }), "application/json", ("traceparent", $"00-{Trace}-00f067aa0ba902b7-01"))).Is(204);
        Expect.Contains(Trace, (await Arrived(b, mark)).GetProperty("traceparent").GetString(), "traceparent");
    }

    public static Task Id_can_be_given_in_the_metadata(Bench b) => Overridden(b, "id", b.NewName());

    public static Task Type_can_be_given_in_the_metadata(Bench b) => Overridden(b, "type", "my.type");

    public static Task Source_can_be_given_in_the_metadata(Bench b) => Overridden(b, "source", "my-source");

    public static Task Subject_can_be_given_in_the_metadata(Bench b) => Overridden(b, "subject", "my-subject");

    public static async Task Event_given_whole_keeps_its_fields_and_gets_topic_and_component(Bench b)
    {
        var mark = b.NewName();
        var own = Bench.Json(new { specversion = "1.0", id = mark, source = "self", type = "own.type", datacontenttype = "application/json", data = new { mark } });
        (await b.Post(PathOf(b, "plain"), own, "application/cloudevents+json")).Is(204);
        var envelope = await Arrived(b, mark);
        Expect.Equal(mark, envelope.GetProperty("id").GetString(), "id");
        Expect.Equal("own.type", envelope.GetProperty("type").GetString(), "type");
        Expect.Equal("self", envelope.GetProperty("source").GetString(), "source");
        Expect.Equal(b.App.Topics.Name("plain"), envelope.GetProperty("topic").GetString(), "topic");
        Expect.Equal(b.Options.PubSub, envelope.GetProperty("pubsubname").GetString(), "pubsubname");
    }

    public static async Task Unknown_component_is_404(Bench b) => (await b.Post("/v1.0/publish/no-such-pubsub/t", "{}")).Is(404);

    public static async Task Empty_topic_is_404(Bench b) => (await b.Post($"/v1.0/publish/{b.Options.PubSub}/", "{}")).Is(404);

    public static async Task Time_to_live_is_accepted(Bench b)
    {
        var mark = b.NewName();
        (await b.Post(PathOf(b, "plain") + "?metadata.ttlInSeconds=60", Bench.Json(new { mark }))).Is(204);
        await Arrived(b, mark);
    }

    public static async Task Raw_payload_reaches_a_raw_subscription_as_base64(Bench b)
    {
        var mark = b.NewName();
        (await b.Post(PathOf(b, "raw") + "?metadata.rawPayload=true", mark, "text/plain")).Is(204);
        var expected = Convert.ToBase64String(Encoding.UTF8.GetBytes(mark));
        var seen = await b.App.WaitFor(request => request.Path == Topics.Path("raw") && request.Text.Contains(expected, StringComparison.Ordinal), "the raw message");
        Expect.Equal("application/octet-stream", seen.Json.GetProperty("datacontenttype").GetString(), "datacontenttype");
    }

    public static async Task Bulk_publish_is_204_and_every_entry_arrives_as_an_event_of_its_own(Bench b)
    {
        var marks = Enumerable.Range(0, 5).Select(_ => b.NewName()).ToList();
        var entries = marks.Select((mark, i) => new { entryId = i.ToString(CultureInfo.InvariantCulture), @event = new { mark }, contentType = "application/json" });
        (await b.Post($"/v1.0/publish/bulk/{b.Options.PubSub}/{b.App.Topics.Name("plain")}", Bench.Json(entries))).Is(204);
        var ids = new HashSet<string>();
        foreach (var mark in marks)
        {
            ids.Add((await Arrived(b, mark)).GetProperty("id").GetString()!);
        }

        Expect.Equal(5, ids.Count, "different ids");
    }

    public static async Task Bulk_publish_is_also_served_under_alpha1(Bench b)
    {
        var mark = b.NewName();
        var entries = new[] { new { entryId = "1", @event = new { mark }, contentType = "application/json" } };
        (await b.Post($"/v1.0-alpha1/publish/bulk/{b.Options.PubSub}/{b.App.Topics.Name("plain")}", Bench.Json(entries))).Is(204);
        await Arrived(b, mark);
    }

    public static async Task Bulk_entries_with_equal_ids_are_refused(Bench b)
    {
        var entries = Enumerable.Range(0, 2).Select(_ => new { entryId = "same", @event = "x", contentType = "text/plain" });
        (await b.Post($"/v1.0/publish/bulk/{b.Options.PubSub}/{b.App.Topics.Name("plain")}", Bench.Json(entries))).Is(400);
    }

    public static async Task Bulk_entry_without_id_is_refused(Bench b)
    {
        var entries = new[] { new { @event = "x", contentType = "text/plain" } };
        (await b.Post($"/v1.0/publish/bulk/{b.Options.PubSub}/{b.App.Topics.Name("plain")}", Bench.Json(entries))).Is(400);
    }

    public static async Task Field_names_of_a_bulk_entry_may_have_any_case(Bench b)
    {
        var mark = b.NewName();
        var entries = new[] { new { entryID = "1", @event = new { mark }, contentType = "application/json" } };
        (await b.Post($"/v1.0/publish/bulk/{b.Options.PubSub}/{b.App.Topics.Name("plain")}", Bench.Json(entries))).Is(204);
        await Arrived(b, mark);
    }

    internal static string PathOf(Bench b, string topic) => $"/v1.0/publish/{b.Options.PubSub}/{b.App.Topics.Name(topic)}";

    static async Task Overridden(Bench b, string field, string value)
    {
        var mark = b.NewName();
        (await b.Post($"{PathOf(b, "plain")}?metadata.cloudevent.{field}={value}", Bench.Json(new { mark }))).Is(204);
        Expect.Equal(value, (await Arrived(b, mark)).GetProperty(field).GetString(), field);
    }

    static async Task<JsonElement> Delivered(Bench b, string rest)
    {
        var mark = b.NewName();
        (await b.Post(PathOf(b, "plain"), $"{{\"mark\":\"{mark}\",\"rest\":{rest}}}")).Is(204);
        return await Arrived(b, mark);
    }

    static async Task<JsonElement> Arrived(Bench b, string mark) =>
        (await b.App.WaitFor(request => request.Path == Topics.Path("plain") && request.Text.Contains(mark, StringComparison.Ordinal), $"the event {mark}")).Json;
}
