using System.Globalization;
using System.Text.Json;
using Jackpot.Dapr.Conformance.App;
using Jackpot.Dapr.Conformance.Running;

namespace Jackpot.Dapr.Conformance.Cases;

[Group("B.5 reminders")]
static class ReminderCases
{
    const string Plain = TestApplication.PlainActor;

    public static async Task Registration_is_204_and_the_reminder_fires_with_its_data(Bench b)
    {
        var id = b.NewName();
        await Register(b, id, "r", "{\"dueTime\":\"500ms\",\"data\":{\"n\":7}}");
        var seen = await b.App.WaitFor(Fired(id, "r"));
        Expect.Equal("PUT", seen.Method, "verb");
        Expect.Equal(7, seen.Json.GetProperty("data").GetProperty("n").GetInt32(), "data");
    }

    public static async Task Post_registers_as_put_does(Bench b)
    {
        var id = b.NewName();
        (await b.Post(PathOf(id, "r"), "{\"dueTime\":\"200ms\"}")).Is(204);
        await b.App.WaitFor(Fired(id, "r"));
    }

    public static Task String_data_comes_back(Bench b) => DataComesBack(b, "\"text\"");

    public static Task Number_data_comes_back(Bench b) => DataComesBack(b, "12.5");

    public static Task Array_data_comes_back(Bench b) => DataComesBack(b, "[1,\"a\"]");

    public static async Task It_needs_no_active_actor(Bench b)
    {
        var id = b.NewName();
        await Register(b, id, "r", "{\"dueTime\":\"200ms\"}");
        await b.App.WaitFor(Fired(id, "r"));
        Expect.Equal(1, b.App.Seen.Count(request => request.Path.Contains($"/{id}/", StringComparison.Ordinal)), "requests about the actor");
    }

    public static async Task Without_a_period_it_fires_once(Bench b)
    {
        var id = b.NewName();
        await Register(b, id, "r", "{\"dueTime\":\"200ms\"}");
        await b.App.WaitFor(Fired(id, "r"));
        await Task.Delay(2500);
        Expect.Equal(1, b.App.Count(Fired(id, "r")), "ticks");
    }

    public static async Task With_a_period_it_fires_again_and_again_until_it_is_deleted(Bench b)
    {
        var id = b.NewName();
        await Register(b, id, "r", "{\"dueTime\":\"100ms\",\"period\":\"1s\"}");
        await b.App.WaitFor(Fired(id, "r"), nth: 3);
        (await b.Delete(PathOf(id, "r"))).Is(204);
        await Task.Delay(1000);
        var count = b.App.Count(Fired(id, "r"));
        await Task.Delay(2500);
        Expect.Equal(count, b.App.Count(Fired(id, "r")), "ticks after the deletion");
    }

    public static async Task Limited_period_fires_as_often_as_it_says(Bench b)
    {
        var id = b.NewName();
        await Register(b, id, "r", "{\"dueTime\":\"100ms\",\"period\":\"R2/PT1S\"}");
        await b.App.WaitFor(Fired(id, "r"), nth: 2);
        await Task.Delay(3000);
        Expect.Equal(2, b.App.Count(Fired(id, "r")), "ticks");
    }

    public static async Task Due_time_may_be_iso_8601(Bench b)
    {
        var id = b.NewName();
        await Register(b, id, "r", "{\"dueTime\":\"PT1S\"}");
        await b.App.WaitFor(Fired(id, "r"));
    }

    public static async Task Due_time_may_be_an_instant(Bench b)
    {
        var id = b.NewName();
        await Register(b, id, "r", $"{{\"dueTime\":\"{DateTime.UtcNow.AddSeconds(2).ToString("yyyy-MM-ddTHH:mm:ssZ", CultureInfo.InvariantCulture)}\"}}");
        await b.App.WaitFor(Fired(id, "r"));
    }

    public static async Task It_does_not_fire_early(Bench b)
    {
        var id = b.NewName();
        var registered = DateTime.UtcNow;
        await Register(b, id, "r", "{\"dueTime\":\"1500ms\"}");
        var seen = await b.App.WaitFor(Fired(id, "r"));
        Expect.True(seen.Started - registered >= TimeSpan.FromMilliseconds(1400), $"it fired after {(seen.Started - registered).TotalMilliseconds:F0} ms");
    }

    public static async Task Get_tells_actor_and_data(Bench b)
    {
        var id = b.NewName();
        await Register(b, id, "r", "{\"dueTime\":\"1h\",\"period\":\"2h\",\"data\":\"d\"}");
        var seen = (await b.Get(PathOf(id, "r"))).Is(200).Json;
        Expect.Equal(id, seen.GetProperty("actorID").GetString(), "actorID");
        Expect.Equal(Plain, seen.GetProperty("actorType").GetString(), "actorType");
        Expect.Equal("d", seen.GetProperty("data").GetString(), "data");
        await b.Delete(PathOf(id, "r"));
    }

    public static async Task Get_of_an_unknown_one_is_404(Bench b) => (await b.Get(PathOf(b.NewName(), "none"))).IsError(404, "ERR_ACTOR_REMINDER_NOT_FOUND");

    public static async Task Deleted_one_never_fires(Bench b)
    {
        var id = b.NewName();
        await Register(b, id, "r", "{\"dueTime\":\"2s\"}");
        (await b.Delete(PathOf(id, "r"))).Is(204);
        (await b.Get(PathOf(id, "r"))).Is(404);
        await Task.Delay(3000);
        Expect.Equal(0, b.App.Count(Fired(id, "r")), "ticks");
    }

    public static async Task Delete_of_an_unknown_one_is_204(Bench b) => (await b.Delete(PathOf(b.NewName(), "none"))).Is(204);

    public static async Task Second_registration_replaces_the_first(Bench b)
    {
        var id = b.NewName();
        await Register(b, id, "r", "{\"dueTime\":\"1h\",\"data\":\"old\"}");
        await Register(b, id, "r", "{\"dueTime\":\"300ms\",\"data\":\"new\"}");
        Expect.Equal("new", (await b.App.WaitFor(Fired(id, "r"))).Json.GetProperty("data").GetString(), "data");
    }

    public static async Task Registration_that_may_not_replace_is_409(Bench b)
    {
        var id = b.NewName();
        await Register(b, id, "r", "{\"dueTime\":\"1h\"}");
        (await b.Put(PathOf(id, "r"), "{\"dueTime\":\"1h\",\"overwrite\":false}")).IsError(409, "ERR_ACTOR_REMINDER_ALREADY_EXISTS");
        await b.Delete(PathOf(id, "r"));
    }

    public static async Task Failed_tick_is_tried_again_after_a_second(Bench b)
    {
        var id = b.NewName();
        FailFirst(b, id, 1);
        await Register(b, id, "r", "{\"dueTime\":\"100ms\"}");
        var first = await b.App.WaitFor(Fired(id, "r"));
        var second = await b.App.WaitFor(Fired(id, "r"), nth: 2);
        Expect.True(second.Started - first.Started >= TimeSpan.FromMilliseconds(700), "it was tried again at once");
    }

    public static Task Drop_policy_over_HTTP_is_taken_and_has_no_effect(Bench b) => HasTheDefaultPolicy(b, "{\"drop\":{}}");

    public static Task Constant_policy_over_HTTP_is_taken_and_has_no_effect(Bench b) =>
        HasTheDefaultPolicy(b, "{\"constant\":{\"interval\":\"500ms\",\"max_retries\":1}}");

    public static async Task Time_to_live_ends_the_ticks(Bench b)
    {
        var id = b.NewName();
        await Register(b, id, "r", "{\"dueTime\":\"100ms\",\"period\":\"1s\",\"ttl\":\"2500ms\"}");
        await b.App.WaitFor(Fired(id, "r"), nth: 2);
        await Task.Delay(3000);
        var count = b.App.Count(Fired(id, "r"));
        await Task.Delay(2500);
        Expect.Equal(count, b.App.Count(Fired(id, "r")), "ticks after the end");
    }

    public static async Task Type_of_another_app_is_403(Bench b) =>
        (await b.Put($"/v1.0/actors/NobodyHostsThis/{b.NewName()}/reminders/r", "{\"dueTime\":\"1s\"}")).IsError(403, "ERR_ACTOR_REMINDER_NON_HOSTED");

    public static async Task Due_time_that_is_none_is_refused(Bench b) => (await b.Put(PathOf(b.NewName(), "r"), "{\"dueTime\":\"soon\"}")).IsRefused();

    public static async Task Tick_waits_for_the_running_turn(Bench b)
    {
        var id = b.NewName();
        var ended = DateTime.MaxValue;
        b.App.On(ActorCases.AppPath(Plain, id, "long"), async _ =>
        {
            await Task.Delay(2000);
            ended = DateTime.UtcNow;
            return AppAnswer.Empty();
        });
        var turn = b.Put(ActorCases.Method(Plain, id, "long"), "{}");
        await b.App.WaitFor(ActorCases.AppPath(Plain, id, "long"));
        await Register(b, id, "r", "{\"dueTime\":\"200ms\"}");
        var tick = await b.App.WaitFor(Fired(id, "r"));
        (await turn).Is(200);
        Expect.True(tick.Started >= ended, "the tick came into the running turn");
    }

    public static async Task Two_reminders_of_one_actor_fire_both(Bench b)
    {
        var id = b.NewName();
        await Register(b, id, "one", "{\"dueTime\":\"100ms\"}");
        await Register(b, id, "two", "{\"dueTime\":\"100ms\"}");
        await b.App.WaitFor(Fired(id, "one"));
        await b.App.WaitFor(Fired(id, "two"));
    }

    /// <summary>One tick and three more tries, a second apart.</summary>
    static async Task HasTheDefaultPolicy(Bench b, string policy)
    {
        var id = b.NewName();
        FailFirst(b, id, 100);
        await Register(b, id, "r", $"{{\"dueTime\":\"100ms\",\"failure_policy\":{policy}}}");
        await b.App.WaitFor(Fired(id, "r"), nth: 4);
        await Task.Delay(2500);
        Expect.Equal(4, b.App.Count(Fired(id, "r")), "ticks");
    }

    static string PathOf(string id, string name) => $"/v1.0/actors/{Plain}/{id}/reminders/{name}";

    static string Fired(string id, string name) => $"/actors/{Plain}/{id}/method/remind/{name}";

    static async Task Register(Bench b, string id, string name, string body) => (await b.Put(PathOf(id, name), body)).Is(204);

    static void FailFirst(Bench b, string id, int times)
    {
        var left = times;
        b.App.On(Fired(id, "r"), _ => AppAnswer.Empty(Interlocked.Decrement(ref left) >= 0 ? 500 : 200));
    }

    static async Task DataComesBack(Bench b, string json)
    {
        var id = b.NewName();
        await Register(b, id, "r", $"{{\"dueTime\":\"100ms\",\"data\":{json}}}");
        var seen = (await b.App.WaitFor(Fired(id, "r"))).Json.GetProperty("data");
        Expect.True(JsonElement.DeepEquals(JsonSerializer.Deserialize<JsonElement>(json), seen), $"data came back as {seen}");
    }
}
