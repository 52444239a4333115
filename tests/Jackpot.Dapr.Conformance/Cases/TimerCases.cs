using Jackpot.Dapr.Conformance.App;
using Jackpot.Dapr.Conformance.Running;

namespace Jackpot.Dapr.Conformance.Cases;

[Group("B.5 timers")]
static class TimerCases
{
    const string Plain = TestApplication.PlainActor;

    public static async Task It_may_be_registered_for_an_actor_that_is_not_active(Bench b)
    {
        var id = b.NewName();
        (await b.Put(PathOf(id, "t"), "{\"dueTime\":\"200ms\",\"callback\":\"c\"}")).Is(204);
        await b.App.WaitFor(Fired(id));
    }

    public static async Task It_fires_with_callback_and_data(Bench b)
    {
        var id = await Registered(b, "{\"dueTime\":\"200ms\",\"callback\":\"OnTick\",\"data\":{\"n\":3}}");
        var seen = await b.App.WaitFor(Fired(id));
        Expect.Equal("PUT", seen.Method, "verb");
        Expect.Equal("OnTick", seen.Json.GetProperty("callback").GetString(), "callback");
        Expect.Equal(3, seen.Json.GetProperty("data").GetProperty("n").GetInt32(), "data");
    }

    public static async Task Post_registers_as_put_does(Bench b)
    {
        var id = await ActorCases.Active(b);
        (await b.Post(PathOf(id, "t"), "{\"dueTime\":\"200ms\",\"callback\":\"c\"}")).Is(204);
        await b.App.WaitFor(Fired(id));
    }

    public static async Task Without_a_period_it_fires_once(Bench b)
    {
        var id = await Registered(b, "{\"dueTime\":\"100ms\",\"callback\":\"c\"}");
        await b.App.WaitFor(Fired(id));
        await Task.Delay(2000);
        Expect.Equal(1, b.App.Count(Fired(id)), "ticks");
    }

    public static async Task With_a_period_it_fires_until_it_is_deleted(Bench b)
    {
        var id = await Registered(b, "{\"dueTime\":\"100ms\",\"period\":\"300ms\",\"callback\":\"c\"}");
        await b.App.WaitFor(Fired(id), nth: 3);
        (await b.Delete(PathOf(id, "t"))).Is(204);
        await Task.Delay(500);
        var count = b.App.Count(Fired(id));
        await Task.Delay(1500);
        Expect.Equal(count, b.App.Count(Fired(id)), "ticks after the deletion");
    }

    public static async Task Limited_period_fires_as_often_as_it_says(Bench b)
    {
        var id = await Registered(b, "{\"dueTime\":\"100ms\",\"period\":\"R2/PT1S\",\"callback\":\"c\"}");
        await b.App.WaitFor(Fired(id), nth: 2);
        await Task.Delay(2500);
        Expect.Equal(2, b.App.Count(Fired(id)), "ticks");
    }

    public static async Task Failed_tick_does_not_end_it(Bench b)
    {
        var id = await ActorCases.Active(b);
        b.App.On(Fired(id), _ => AppAnswer.Empty(500));
        (await b.Put(PathOf(id, "t"), "{\"dueTime\":\"100ms\",\"period\":\"500ms\",\"callback\":\"c\"}")).Is(204);
        await b.App.WaitFor(Fired(id), nth: 3);
        await b.Delete(PathOf(id, "t"));
    }

    public static async Task Ticks_of_a_timer_do_not_overlap(Bench b)
    {
        var id = await ActorCases.Active(b);
        var running = 0;
        var atOnce = 0;
        b.App.On(Fired(id), async _ =>
        {
            atOnce = Math.Max(atOnce, Interlocked.Increment(ref running));
            await Task.Delay(700);
            Interlocked.Decrement(ref running);
            return AppAnswer.Empty();
        });
        (await b.Put(PathOf(id, "t"), "{\"dueTime\":\"100ms\",\"period\":\"200ms\",\"callback\":\"c\"}")).Is(204);
        await b.App.WaitFor(Fired(id), nth: 3);
        await b.Delete(PathOf(id, "t"));
        Expect.Equal(1, atOnce, "ticks at once");
    }

    public static async Task Second_registration_replaces_the_first(Bench b)
    {
        var id = await Registered(b, "{\"dueTime\":\"1h\",\"callback\":\"old\"}");
        (await b.Put(PathOf(id, "t"), "{\"dueTime\":\"200ms\",\"callback\":\"new\"}")).Is(204);
        Expect.Equal("new", (await b.App.WaitFor(Fired(id))).Json.GetProperty("callback").GetString(), "callback");
    }

    public static async Task Delete_of_an_unknown_one_is_204(Bench b) => (await b.Delete(PathOf(await ActorCases.Active(b), "none"))).Is(204);

    static string PathOf(string id, string name) => $"/v1.0/actors/{Plain}/{id}/timers/{name}";

    static string Fired(string id) => $"/actors/{Plain}/{id}/method/timer/t";

    static async Task<string> Registered(Bench b, string body)
    {
        var id = await ActorCases.Active(b);
        (await b.Put(PathOf(id, "t"), body)).Is(204);
        return id;
    }
}
