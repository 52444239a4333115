using Dapr;
using Dapr.Actors;
using Dapr.Actors.Client;
using DotnetSdk.App;
using DotnetSdk.Running;

namespace DotnetSdk.Checks;

[Group("actors")]
static class ActorChecks
{
    public static async Task Typed_proxy_calls_and_state_adds_up(Bench b)
    {
        var counter = b.Counter(b.NewActor());
        await counter.AddAsync(2);
        Expect.Equal(5, await counter.AddAsync(3), "count");
    }

    public static async Task Untyped_proxy_calls_by_name(Bench b)
    {
        var proxy = ActorProxy.Create(b.NewActor(), CounterActor.TypeName);
        Expect.Equal(4, await proxy.InvokeMethodAsync<int, int>("AddAsync", 4), "count");
        Expect.Equal(4, await proxy.InvokeMethodAsync<int>("ReadAsync"), "count");
    }

    public static async Task Untyped_proxy_sends_objects(Bench b)
    {
        var proxy = ActorProxy.Create(b.NewActor(), CounterActor.TypeName);
        Expect.Equal(new Order("o", 2, "n"), await proxy.InvokeMethodAsync<Order, Order>("EchoAsync", new Order("o", 1, "n")), "order");
    }

    public static async Task Typed_proxy_sends_objects(Bench b) =>
        Expect.Equal(new Order("o", 2, "ß"), await b.Counter(b.NewActor()).EchoAsync(new Order("o", 1, "ß")), "order");

    public static async Task Two_actors_do_not_share_state(Bench b)
    {
        await b.Counter(b.NewActor()).AddAsync(7);
        Expect.Equal(0, await b.Counter(b.NewActor()).ReadAsync(), "count of the other");
    }

    public static async Task State_manager_walks_through_all_its_steps(Bench b) => Expect.Equal(
        "missing, added, not added, one, three, contained, removed, not contained", await b.Counter(b.NewActor()).StateAsync(), "steps");

    public static async Task Method_that_throws_saves_nothing(Bench b)
    {
        var counter = b.Counter(b.NewActor());
        await counter.AddAsync(1);
        await Expect.Throws<Exception>(() => counter.AddAndFailAsync(5));
        Expect.Equal(1, await counter.ReadAsync(), "count");
    }

    public static async Task Exception_of_the_actor_reaches_a_typed_caller_with_its_message(Bench b)
    {
        var id = b.NewActor();
        var failed = await Expect.Throws<ActorMethodInvocationException>(() => b.Counter(id).AddAndFailAsync(5));
        Expect.True(failed.ToString().Contains("failed on purpose", StringComparison.Ordinal), failed.ToString());
        Expect.Equal(1, ActorDiary.Count(id, "failed AddAndFailAsync"), "calls of OnActorMethodFailedAsync");
    }

    public static async Task Exception_of_the_actor_reaches_an_untyped_caller(Bench b) =>
        await Expect.Throws<DaprApiException>(() => ActorProxy.Create(b.NewActor(), CounterActor.TypeName).InvokeMethodAsync("AddAndFailAsync", 1));

    public static async Task Method_that_does_not_exist_is_an_error(Bench b) =>
        await Expect.Throws<DaprApiException>(() => ActorProxy.Create(b.NewActor(), CounterActor.TypeName).InvokeMethodAsync("NoSuchMethod"));

    public static async Task Actor_is_activated_once(Bench b)
    {
        var id = b.NewActor();
        await b.Counter(id).AddAsync(1);
        await b.Counter(id).AddAsync(1);
        Expect.Equal(1, ActorDiary.Count(id, "activated"), "activations");
    }

    public static async Task Concurrent_calls_of_one_actor_do_not_lose_an_addition(Bench b)
    {
        var counter = b.Counter(b.NewActor());
        await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => counter.SlowAddAsync(1)));
        Expect.Equal(20, await counter.ReadAsync(), "count");
    }

    public static async Task Different_actors_run_at_the_same_time(Bench b)
    {
        var started = DateTime.UtcNow;
        await Task.WhenAll(Enumerable.Range(0, 10).Select(_ => b.Counter(b.NewActor()).SleepAsync(1000)));
        Expect.True(DateTime.UtcNow - started < TimeSpan.FromSeconds(8), "they waited for each other");
    }

    public static async Task Actor_calls_another_actor(Bench b)
    {
        var other = b.NewActor();
        Expect.Equal(1, await b.Counter(b.NewActor()).AddAtAsync(other.GetId()), "answer");
        Expect.Equal(1, await b.Counter(other).ReadAsync(), "count of the other");
    }

    public static async Task Reentrant_actor_calls_itself(Bench b) => Expect.Equal(3, await b.Actor<IReentrant>(b.NewActor(), ReentrantActor.TypeName).DownAsync(3), "depth");

    public static async Task Chain_deeper_than_allowed_is_refused(Bench b) =>
        await Expect.Throws<Exception>(() => b.Actor<IReentrant>(b.NewActor(), ReentrantActor.TypeName).DownAsync(10));

    public static async Task Cancelled_caller_stops_waiting(Bench b)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromMilliseconds(300));
        var started = DateTime.UtcNow;
        await Expect.Throws<OperationCanceledException>(() => b.Counter(b.NewActor()).SleepAsync(20_000, limit.Token));
        Expect.True(DateTime.UtcNow - started < TimeSpan.FromSeconds(5), "it waited for the actor");
    }

    public static async Task Type_that_nobody_hosts_is_an_error(Bench b) =>
        await Expect.Throws<DaprApiException>(() => ActorProxy.Create(b.NewActor(), "NobodyHostsThis").InvokeMethodAsync("Any"));

    public static async Task Idle_actor_is_deactivated_and_keeps_its_state(Bench b)
    {
        var id = b.NewActor();
        var idle = b.Actor<IIdle>(id, IdleActor.TypeName);
        await idle.AddAsync(2);
        await Expect.Eventually(() => ActorDiary.Count(id, "deactivated") == 1, "the actor is not deactivated", TimeSpan.FromSeconds(45));
        Expect.Equal(5, await idle.AddAsync(3), "count");
        Expect.Equal(2, ActorDiary.Count(id, "activated"), "activations");
    }
}

[Group("reminders and timers")]
static class ReminderChecks
{
    public static async Task Reminder_fires_with_its_data(Bench b)
    {
        var id = b.NewActor();
        await b.Counter(id).RemindAsync(new Plan("once", 200, -1, "data"));
        await Expect.Eventually(() => ActorDiary.Count(id, "reminder once data") == 1, "it does not fire");
    }

    public static async Task Reminder_with_a_period_fires_until_it_is_unregistered(Bench b)
    {
        var id = b.NewActor();
        await b.Counter(id).RemindAsync(new Plan("again", 100, 400));
        await Expect.Eventually(() => ActorDiary.Count(id, "reminder again ") >= 3, "it does not fire three times");
        await b.Counter(id).ForgetAsync("again");
        var ticks = ActorDiary.Count(id, "reminder again ");
        await Expect.Never(() => ActorDiary.Count(id, "reminder again ") > ticks + 1, TimeSpan.FromSeconds(1.5), "it still fires");
    }

    public static async Task Reminder_with_repetitions_fires_as_often(Bench b)
    {
        var id = b.NewActor();
        await b.Counter(id).RemindAsync(new Plan("thrice", 100, 1000, "", 3));
        await Expect.Eventually(() => ActorDiary.Count(id, "reminder thrice ") == 3, "it does not fire three times");
        await Expect.Never(() => ActorDiary.Count(id, "reminder thrice ") > 3, TimeSpan.FromSeconds(2), "it fired a fourth time");
    }

    public static async Task Reminder_that_fails_is_tried_again(Bench b)
    {
        var id = b.NewActor();
        await b.Counter(id).RemindAsync(new Plan("retried", 100, -1, "fail once"));
        await Expect.Eventually(() => ActorDiary.Count(id, "reminder retried fail once") == 2, "it is not tried again");
    }

    public static async Task Reminder_is_found_until_it_is_unregistered(Bench b)
    {
        var counter = b.Counter(b.NewActor());
        await counter.RemindAsync(new Plan("later", 3_600_000, 3_600_000));
        Expect.True(await counter.HasReminderAsync("later"), "it is not found");
        await counter.ForgetAsync("later");
        Expect.Equal(false, await counter.HasReminderAsync("later"), "found");
    }

    public static async Task Timer_fires_with_its_data(Bench b)
    {
        var id = b.NewActor();
        await b.Counter(id).StartTimerAsync(new Plan("t", 100, 300, "tick"));
        await Expect.Eventually(() => ActorDiary.Count(id, "timer tick") >= 3, "it does not fire three times");
        await b.Counter(id).StopTimerAsync("t");
    }

    public static async Task Timer_that_was_stopped_is_silent(Bench b)
    {
        var id = b.NewActor();
        await b.Counter(id).StartTimerAsync(new Plan("t", 1500, 300, "late"));
        await b.Counter(id).StopTimerAsync("t");
        await Expect.Never(() => ActorDiary.Count(id, "timer late") > 0, TimeSpan.FromSeconds(2.5), "it fires");
    }
}
