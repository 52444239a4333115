using System.Text.Json;
using Jackpot.Dapr.Conformance.App;
using Jackpot.Dapr.Conformance.Running;

namespace Jackpot.Dapr.Conformance.Cases;

/// <summary>Every topic that a handler fails on has a dead letter topic here: what a broker does without one differs from broker to broker.</summary>
[Group("B.4 delivery", InOrder = true)]
static class DeliveryCases
{
    public static async Task Event_is_posted_as_cloudevents_json(Bench b)
    {
        var seen = await Published(b, "other");
        Expect.Equal("POST", seen.Method, "verb");
        Expect.Contains("application/cloudevents+json", seen.ContentType, "content type");
    }

    public static async Task Config_is_asked_once_and_before_the_subscriptions(Bench b)
    {
        var config = await b.App.WaitFor("/dapr/config");
        var subscribe = await b.App.WaitFor("/dapr/subscribe");
        Expect.Equal(1, b.App.Count("/dapr/config"), "questions for /dapr/config");
        Expect.True(config.Number < subscribe.Number, "/dapr/subscribe was asked first");
    }

    public static async Task Subscription_of_the_first_form_is_served(Bench b) => await Published(b, "v1");

    public static async Task Every_one_of_many_messages_arrives(Bench b)
    {
        var marks = Enumerable.Range(0, 30).Select(_ => b.NewName()).ToList();
        await Task.WhenAll(marks.Select(async mark => (await b.Post(PublishCases.PathOf(b, "parallel"), Bench.Json(new { mark }))).Is(204)));
        foreach (var mark in marks)
        {
            await Arrived(b, "parallel", mark);
        }
    }

    public static Task Empty_200_is_success(Bench b) => Succeeds(b, AppAnswer.Empty());

    public static Task Status_SUCCESS_is_success(Bench b) => Succeeds(b, AppAnswer.Json("{\"status\":\"SUCCESS\"}"));

    public static Task Empty_object_is_success(Bench b) => Succeeds(b, AppAnswer.Json("{}"));

    public static Task Body_that_is_no_json_is_success(Bench b) => Succeeds(b, new AppAnswer(200, "thanks"u8.ToArray(), "text/plain"));

    public static Task Status_204_is_success(Bench b) => Succeeds(b, AppAnswer.Empty(204));

    public static Task Dropped_message_goes_to_the_dead_letter_topic(Bench b) => DeadLettered(b, "drop", AppAnswer.Json("{\"status\":\"DROP\"}"));

    public static Task Message_answered_404_goes_to_the_dead_letter_topic(Bench b) => DeadLettered(b, "missing", AppAnswer.Empty(404));

    public static Task Message_answered_500_ends_in_the_dead_letter_topic(Bench b) => DeadLettered(b, "broken", AppAnswer.Empty(500));

    public static Task Message_answered_RETRY_ends_in_the_dead_letter_topic(Bench b) => DeadLettered(b, "retry", AppAnswer.Json("{\"status\":\"RETRY\"}"));

    public static Task Message_answered_with_an_unknown_status_ends_in_the_dead_letter_topic(Bench b) =>
        DeadLettered(b, "strange", AppAnswer.Json("{\"status\":\"PERHAPS\"}"));

    public static async Task Dropped_message_is_not_tried_again(Bench b)
    {
        var mark = await DeadLettered(b, "drop", AppAnswer.Json("{\"status\":\"DROP\"}"));
        Expect.Equal(1, CountOf(b, "drop", mark), "deliveries");
    }

    public static async Task Dead_letter_has_the_data_of_the_message(Bench b)
    {
        var mark = await DeadLettered(b, "drop", AppAnswer.Json("{\"status\":\"DROP\"}"));
        var dead = await Arrived(b, "drop-dead", mark);
        Expect.Equal(mark, dead.Json.GetProperty("data").GetProperty("mark").GetString(), "mark in the dead letter");
    }

    public static Task First_rule_that_matches_takes_the_event(Bench b) => Routed(b, "first", "routed-first");

    public static Task Second_rule_takes_what_the_first_does_not(Bench b) => Routed(b, "second", "routed-second");

    public static Task Default_route_takes_the_rest(Bench b) => Routed(b, "third", "routed-rest");

    public static async Task Bulk_subscription_gets_entries_and_answers_each(Bench b)
    {
        b.App.On(Topics.Path("bulk"), request => AppAnswer.Json(Bench.Json(new
        {
            statuses = request.Json.GetProperty("entries").EnumerateArray()
                .Select(entry => new { entryId = entry.GetProperty("entryId").GetString(), status = "SUCCESS" }),
        })));
        var mark = b.NewName();
        (await b.Post(PublishCases.PathOf(b, "bulk"), Bench.Json(new { mark }))).Is(204);
        var seen = await Arrived(b, "bulk", mark);
        var entry = seen.Json.GetProperty("entries").EnumerateArray().Single(e => e.GetRawText().Contains(mark, StringComparison.Ordinal));
        Expect.Equal(b.App.Topics.Name("bulk"), seen.Json.GetProperty("topic").GetString(), "topic");
        Expect.Equal(JsonValueKind.Object, entry.GetProperty("event").ValueKind, "kind of the event");
        Expect.Equal(mark, entry.GetProperty("event").GetProperty("data").GetProperty("mark").GetString(), "mark");
    }

    public static async Task Two_topics_do_not_mix(Bench b)
    {
        var mark = (await Published(b, "other")).Json.GetProperty("data").GetProperty("mark").GetString()!;
        Expect.Equal(0, CountOf(b, "plain", mark), "deliveries on the other topic");
    }

    static async Task Succeeds(Bench b, AppAnswer answer)
    {
        var mark = b.NewName();
        b.App.On(Topics.Path("success"), _ => answer);
        (await b.Post(PublishCases.PathOf(b, "success"), Bench.Json(new { mark }))).Is(204);
        await Arrived(b, "success", mark);
        await Task.Delay(300);
        Expect.Equal(0, CountOf(b, "success-dead", mark), "deliveries on the dead letter topic");
    }

    static async Task<string> DeadLettered(Bench b, string topic, AppAnswer answer)
    {
        var mark = b.NewName();
        b.App.On(Topics.Path(topic), _ => answer);
        (await b.Post(PublishCases.PathOf(b, topic), Bench.Json(new { mark }))).Is(204);
        await Arrived(b, $"{topic}-dead", mark);
        Expect.True(CountOf(b, topic, mark) >= 1, "the message reached the dead letter topic without having been delivered");
        return mark;
    }

    static async Task Routed(Bench b, string type, string path)
    {
        var mark = b.NewName();
        (await b.Post($"{PublishCases.PathOf(b, "routed")}?metadata.cloudevent.type={type}", Bench.Json(new { mark }))).Is(204);
        await Arrived(b, path, mark);
    }

    static async Task<AppRequest> Published(Bench b, string topic)
    {
        var mark = b.NewName();
        (await b.Post(PublishCases.PathOf(b, topic), Bench.Json(new { mark }))).Is(204);
        return await Arrived(b, topic, mark);
    }

    static Task<AppRequest> Arrived(Bench b, string topic, string mark) =>
        b.App.WaitFor(request => request.Path == Topics.Path(topic) && request.Text.Contains(mark, StringComparison.Ordinal), $"{mark} on {topic}", TimeSpan.FromSeconds(45));

    static int CountOf(Bench b, string topic, string mark) =>
        b.App.Seen.Count(request => request.Path == Topics.Path(topic) && request.Text.Contains(mark, StringComparison.Ordinal));
}
