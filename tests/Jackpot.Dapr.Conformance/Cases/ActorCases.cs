using System.Globalization;
using Jackpot.Dapr.Conformance.App;
using Jackpot.Dapr.Conformance.Running;

namespace Jackpot.Dapr.Conformance.Cases;

[Group("B.5 actors")]
static class ActorCases
{
    const string Plain = TestApplication.PlainActor;

    public static Task Get_of_the_caller_is_put_at_the_app(Bench b) => AlwaysPut(b, HttpMethod.Get);

    public static Task Post_of_the_caller_is_put_at_the_app(Bench b) => AlwaysPut(b, HttpMethod.Post);

    public static Task Put_of_the_caller_is_put_at_the_app(Bench b) => AlwaysPut(b, HttpMethod.Put);

    public static Task Delete_of_the_caller_is_put_at_the_app(Bench b) => AlwaysPut(b, HttpMethod.Delete);

    public static async Task Bytes_and_content_type_pass_both_ways(Bench b)
    {
        var bytes = new byte[64 * 1024];
        new Random(2).NextBytes(bytes);
        var reply = (await b.Send(HttpMethod.Put, Method(Plain, b.NewName(), "echo"), bytes, "application/octet-stream")).Is(200);
        Expect.True(reply.Bytes.SequenceEqual(bytes), "the bytes came back changed");
        Expect.Equal("application/octet-stream", reply.Headers.GetValueOrDefault("Content-Type"), "content type");
    }

    public static async Task Headers_of_the_app_reach_the_caller(Bench b) =>
        Expect.Equal("seen", (await b.Put(Method(Plain, b.NewName(), "echo"), "{}")).Headers.GetValueOrDefault("x-conformance"), "header");

    public static async Task Headers_of_the_caller_reach_the_app(Bench b)
    {
        var id = b.NewName();
        await b.Put(Method(Plain, id, "echo"), "{}", "application/json", ("x-conformance-request", "v1"));
        Expect.Equal("v1", (await b.App.WaitFor(AppPath(Plain, id, "echo"))).Headers.GetValueOrDefault("x-conformance-request"), "header");
    }

    public static async Task First_call_activates_without_any_call_before_it(Bench b)
    {
        var id = b.NewName();
        (await b.Put(Method(Plain, id, "echo"), "{}")).Is(200);
        Expect.Equal(1, b.App.Seen.Count(request => request.Path.Contains($"/{id}", StringComparison.Ordinal)), "requests about the actor");
    }

    public static Task Status_500_of_the_app_is_500_ERR_ACTOR_INVOKE_METHOD(Bench b) => Refused(b, "status-500");

    public static Task Status_201_of_the_app_is_an_error(Bench b) => Refused(b, "status-201");

    public static Task Status_204_of_the_app_is_an_error(Bench b) => Refused(b, "status-204");

    public static async Task Status_404_of_the_app_is_an_error_and_not_tried_again(Bench b)
    {
        var id = b.NewName();
        (await b.Put(Method(Plain, id, "missing"), "{}")).IsRefused();
        Expect.Equal(1, b.App.Count(AppPath(Plain, id, "missing")), "calls at the app");
    }

    public static async Task Marked_error_reaches_the_caller_with_200_and_is_not_tried_again(Bench b)
    {
        var id = b.NewName();
        b.App.On(AppPath(Plain, id, "marked"), _ => new AppAnswer(200, "why"u8.ToArray(), "text/plain") { Headers = { ["X-DaprErrorResponseHeader"] = "x" } });
        var reply = (await b.Put(Method(Plain, id, "marked"), "{}")).Is(200);
        Expect.Equal("x", reply.Headers.GetValueOrDefault("X-DaprErrorResponseHeader"), "marker");
        Expect.Equal("why", reply.Text, "body");
        Expect.Equal(1, b.App.Count(AppPath(Plain, id, "marked")), "calls at the app");
    }

    public static async Task Call_after_a_failed_one_goes_through(Bench b)
    {
        var id = b.NewName();
        await b.Put(Method(Plain, id, "status-500"), "{}");
        (await b.Put(Method(Plain, id, "echo"), "{}")).Is(200);
    }

    public static async Task Turns_of_one_actor_do_not_overlap(Bench b)
    {
        var id = b.NewName();
        Expect.Equal(1, await RunningAtOnce(b, [id, id, id, id]), "turns at once");
    }

    public static async Task Turns_of_different_actors_overlap(Bench b)
    {
        var atOnce = await RunningAtOnce(b, [b.NewName(), b.NewName(), b.NewName()]);
        Expect.True(atOnce > 1, "the actors waited for each other");
    }

    public static async Task Type_that_nobody_hosts_is_500_and_the_message_says_that_there_is_no_address(Bench b)
    {
        var id = b.NewName();
        var reply = (await b.Put(Method("NobodyHostsThis", id, "echo"), "{}")).IsError(500, "ERR_ACTOR_INVOKE_METHOD");
        Expect.Contains($"did not find address for actor 'NobodyHostsThis/{id}'", reply.Json.GetProperty("message").GetString()!, "message");
    }

    public static async Task Type_of_the_runtime_itself_has_no_method_to_call(Bench b)
    {
        var reply = (await b.Put(Method($"dapr.internal.default.{b.AppId}.workflow", b.NewName(), "echo"), "{}")).IsError(500, "ERR_ACTOR_INVOKE_METHOD");
        Expect.Contains("no such method", reply.Text, "message");
    }

    public static async Task State_is_204_where_there_is_none(Bench b)
    {
        var id = await Active(b);
        (await b.Get($"{Actor(Plain, id)}/state/none")).Is(204);
    }

    public static async Task State_is_written_in_a_transaction_and_read_back(Bench b)
    {
        var id = await Active(b);
        (await b.Post($"{Actor(Plain, id)}/state", Upsert("k", 5))).Is(204);
        Expect.Equal("5", (await b.Get($"{Actor(Plain, id)}/state/k")).Is(200).Text, "value");
    }

    public static async Task State_can_be_put_as_well(Bench b)
    {
        var id = await Active(b);
        (await b.Put($"{Actor(Plain, id)}/state", Upsert("k", 6))).Is(204);
        Expect.Equal("6", (await b.Get($"{Actor(Plain, id)}/state/k")).Is(200).Text, "value");
    }

    public static async Task Transaction_writes_and_deletes_together(Bench b)
    {
        var id = await Active(b);
        await b.Post($"{Actor(Plain, id)}/state", Upsert("old", 1));
        var both = "[{\"operation\":\"upsert\",\"request\":{\"key\":\"new\",\"value\":\"x\"}},{\"operation\":\"delete\",\"request\":{\"key\":\"old\"}}]";
        (await b.Post($"{Actor(Plain, id)}/state", both)).Is(204);
        Expect.Equal("\"x\"", (await b.Get($"{Actor(Plain, id)}/state/new")).Is(200).Text, "value");
        (await b.Get($"{Actor(Plain, id)}/state/old")).Is(204);
    }

    public static async Task State_of_two_actors_does_not_mix(Bench b)
    {
        var (one, two) = (await Active(b), await Active(b));
        await b.Post($"{Actor(Plain, one)}/state", Upsert("k", 1));
        (await b.Get($"{Actor(Plain, two)}/state/k")).Is(204);
    }

    public static async Task State_of_an_actor_that_is_not_active_can_be_read(Bench b)
    {
        var id = b.NewName();
        (await b.Get($"{Actor(Plain, id)}/state/k")).Is(204);
        Expect.Equal(0, b.App.Seen.Count(request => request.Path.Contains($"/{id}", StringComparison.Ordinal)), "requests about the actor");
    }

    public static async Task State_of_an_actor_that_is_not_active_cannot_be_written(Bench b) =>
        (await b.Post($"{Actor(Plain, b.NewName())}/state", Upsert("k", 1))).IsError(400, "ERR_ACTOR_INSTANCE_MISSING");

    public static async Task State_can_be_used_within_the_turn(Bench b)
    {
        var id = b.NewName();
        b.App.On(AppPath(Plain, id, "save"), async _ =>
        {
            (await b.Post($"{Actor(Plain, id)}/state", Upsert("k", 8))).Is(204);
            return AppAnswer.Json((await b.Get($"{Actor(Plain, id)}/state/k")).Is(200).Text);
        });
        Expect.Equal("8", (await b.Put(Method(Plain, id, "save"), "{}")).Is(200).Text, "value");
    }

    public static async Task Idle_actor_is_deactivated_by_a_delete_and_keeps_its_state(Bench b)
    {
        var id = await Active(b, TestApplication.IdleActor);
        await b.Post($"{Actor(TestApplication.IdleActor, id)}/state", Upsert("k", 3));
        await b.App.WaitFor(request => request.Method == "DELETE" && request.Path == $"/actors/{TestApplication.IdleActor}/{id}", "the deactivation", TimeSpan.FromSeconds(45));
        (await b.Put(Method(TestApplication.IdleActor, id, "echo"), "{}")).Is(200);
        Expect.Equal("3", (await b.Get($"{Actor(TestApplication.IdleActor, id)}/state/k")).Is(200).Text, "value");
    }

    public static async Task Reentrancy_id_is_sent_only_to_types_that_allow_it(Bench b)
    {
        var id = b.NewName();
        await b.Put(Method(TestApplication.ReentrantActor, id, "echo"), "{}");
        await b.Put(Method(Plain, id, "echo"), "{}");
        Expect.True((await b.App.WaitFor(AppPath(TestApplication.ReentrantActor, id, "echo"))).Headers.ContainsKey("Dapr-Reentrancy-Id"), "no reentrancy id");
        Expect.True(!(await b.App.WaitFor(AppPath(Plain, id, "echo"))).Headers.ContainsKey("Dapr-Reentrancy-Id"), "a reentrancy id where it is off");
    }

    public static async Task Call_of_the_same_chain_enters_the_running_turn(Bench b)
    {
        var id = b.NewName();
        b.App.On(AppPath(TestApplication.ReentrantActor, id, "outer"), async request =>
            AppAnswer.Json((await b.Put(
                Method(TestApplication.ReentrantActor, id, "echo"), "\"inner\"", "application/json", ("Dapr-Reentrancy-Id", request.Headers["Dapr-Reentrancy-Id"]))).Is(200).Text));
        Expect.Equal("\"inner\"", (await b.Put(Method(TestApplication.ReentrantActor, id, "outer"), "{}")).Is(200).Text, "answer");
    }

    public static async Task Chain_deeper_than_allowed_is_refused(Bench b)
    {
        var id = b.NewName();
        b.App.On(AppPath(TestApplication.ReentrantActor, id, "deeper"), async request =>
        {
            var inner = await b.Put(
                Method(TestApplication.ReentrantActor, id, "deeper"), "{}", "application/json", ("Dapr-Reentrancy-Id", request.Headers["Dapr-Reentrancy-Id"]));
            return inner.Status == 200 ? AppAnswer.Json(inner.Text) : AppAnswer.Json(Bench.Json(inner.Status));
        });
        var seen = (await b.Put(Method(TestApplication.ReentrantActor, id, "deeper"), "{}")).Is(200).Text;
        Expect.Equal("500", seen, "status of the call that was too deep");
    }

    internal static string Actor(string type, string id) => $"/v1.0/actors/{type}/{id}";

    internal static string Method(string type, string id, string method) => $"{Actor(type, id)}/method/{method}";

    internal static string AppPath(string type, string id, string method) => $"/actors/{type}/{id}/method/{method}";

    internal static async Task<string> Active(Bench b, string type = Plain)
    {
        var id = b.NewName();
        (await b.Put(Method(type, id, "echo"), "{}")).Is(200);
        return id;
    }

    static string Upsert(string key, int value) =>
        string.Create(CultureInfo.InvariantCulture, $"[{{\"operation\":\"upsert\",\"request\":{{\"key\":\"{key}\",\"value\":{value}}}}}]");

    static async Task AlwaysPut(Bench b, HttpMethod method)
    {
        var id = b.NewName();
        (await b.Send(method, Method(Plain, id, "echo"), method == HttpMethod.Get ? null : "{}"u8.ToArray(), "application/json")).Is(200);
        Expect.Equal("PUT", (await b.App.WaitFor(AppPath(Plain, id, "echo"))).Method, "verb at the app");
    }

    static async Task Refused(Bench b, string method) =>
        (await b.Put(Method(Plain, b.NewName(), method), "{}")).IsError(500, "ERR_ACTOR_INVOKE_METHOD");

    internal static async Task<int> RunningAtOnce(Bench b, List<string> ids)
    {
        var running = 0;
        var atOnce = 0;
        var guard = new Lock();
        foreach (var id in ids.Distinct())
        {
            b.App.On(AppPath(Plain, id, "turn"), async _ =>
            {
                lock (guard)
                {
                    atOnce = Math.Max(atOnce, ++running);
                }

                await Task.Delay(250);
                lock (guard)
                {
                    running--;
                }

                return AppAnswer.Empty();
            });
        }

        await Task.WhenAll(ids.Select(async id => (await b.Put(Method(Plain, id, "turn"), "{}")).Is(200)));
        return atOnce;
    }
}
