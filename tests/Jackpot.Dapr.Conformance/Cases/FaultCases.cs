using Jackpot.Dapr.Conformance.App;
using Jackpot.Dapr.Conformance.Running;
using Jackpot.Dapr.Conformance.Workflows;

namespace Jackpot.Dapr.Conformance.Cases;

/// <summary>Behaviours that real Dapr may show at any time and LocalDapr shows on request.</summary>
[Group("J faults", Alone = true)]
static class FaultCases
{
    [NeedsFaults]
    public static async Task Message_may_come_twice(Bench b)
    {
        await using var fault = await b.FaultAsync(new { kind = "duplicate-message", subject = b.App.Topics.Name("plain"), timesMax = 1 });
        var mark = await Published(b);
        await Expect.Eventually(() => Task.FromResult(CountOf(b, mark) == 2), $"the message came {CountOf(b, mark)} times");
    }

    [NeedsFaults]
    public static async Task Message_may_come_late(Bench b)
    {
        await using var fault = await b.FaultAsync(new { kind = "delay-message", subject = b.App.Topics.Name("plain"), timesMax = 1, delayMs = 1500 });
        var published = DateTime.UtcNow;
        var mark = await Published(b);
        var seen = await b.App.WaitFor(request => request.Text.Contains(mark, StringComparison.Ordinal), "the message");
        Expect.True(seen.Started - published >= TimeSpan.FromMilliseconds(1400), "it was not late");
    }

    [NeedsFaults]
    public static async Task Message_may_come_after_its_successor(Bench b)
    {
        if (await MetadataCases.TypeOf(b, b.Options.PubSub) == "pubsub.in-memory")
        {
            throw new SkipCase("the broker in memory hands over one message at a time");
        }

        await using var fault = await b.FaultAsync(new { kind = "reorder-message", subject = b.App.Topics.Name("plain"), timesMax = 1, delayMs = 5000 });
        var (first, second) = (b.NewName(), b.NewName());
        await Task.WhenAll(Publish(b, first), Task.Delay(300).ContinueWith(_ => Publish(b, second), TaskScheduler.Default).Unwrap());
        var early = await b.App.WaitFor(request => request.Text.Contains(second, StringComparison.Ordinal), "the second message");
        var late = await b.App.WaitFor(request => request.Text.Contains(first, StringComparison.Ordinal), "the first message");
        Expect.True(early.Number < late.Number, "the messages came in order");
    }

    [NeedsFaults]
    public static async Task Activity_may_run_twice_and_its_first_result_counts(Bench b)
    {
        await using var fault = await b.FaultAsync(new { kind = "activity-twice", subject = "Upper", timesMax = 1 });
        var id = await b.StartWorkflow("Chain", "x");
        Expect.Equal("\"X\"", (await b.Ended(id)).Output, "output");
        await Expect.Eventually(() => Task.FromResult(b.Worker.CallsOf(id).Count() == 2), "the activity ran once");
    }

    [NeedsFaults]
    public static async Task Lost_completion_holds_the_instance_until_the_stream_is_opened_anew(Bench b)
    {
        await using var fault = await b.FaultAsync(new { kind = "drop-completion", subject = "workflow", timesMax = 1 });
        var id = b.NewName("wf");
        var start = b.StartWorkflow("Chain", "x", id);
        await Expect.Eventually(() => Task.FromResult(b.Worker.TurnsOf(id).Any()), "the turn never came");
        await Task.Delay(1500);
        Expect.Equal(1, b.Worker.TurnsOf(id).Count(), "turns while the stream stays open");
        b.Worker.BreakStream();
        await start;
        Expect.Equal("\"X\"", (await b.Ended(id)).Output, "output");
    }

    [NeedsFaults]
    public static async Task Actor_may_be_active_in_two_places(Bench b)
    {
        await using var fault = await b.FaultAsync(new { kind = "double-activation", subject = TestApplication.PlainActor, timesMax = 4 });
        var id = b.NewName();
        Expect.Equal(2, await ActorCases.RunningAtOnce(b, [id, id]), "turns at once");
    }

    [NeedsFaults]
    public static async Task Actor_calls_wait_while_placement_is_paused(Bench b)
    {
        var id = b.NewName();
        Task<Reply> call;
        await using (await b.FaultAsync(new { kind = "pause-placement" }))
        {
            call = b.Put(ActorCases.Method(TestApplication.PlainActor, id, "echo"), "{}");
            await Task.Delay(1000);
            Expect.Equal(0, b.App.Count(ActorCases.AppPath(TestApplication.PlainActor, id, "echo")), "calls at the app");
        }

        (await call).Is(200);
    }

    [NeedsFaults]
    public static async Task App_that_is_cut_off_cannot_be_called(Bench b)
    {
        await using (await b.FaultAsync(new { kind = "cut-app", appId = b.AppId }))
        {
            Expect.True(await IsRefusedOrCut(b), "the app was reached");
        }

        await Expect.Eventually(async () => (await b.Get($"/v1.0/invoke/{b.AppId}/method/status-200")).Status == 200, "the app is not reached again");
    }

    static async Task<bool> IsRefusedOrCut(Bench b)
    {
        try
        {
            return (await b.Get($"/v1.0/invoke/{b.AppId}/method/status-200")).Status >= 500;
        }
        catch (HttpRequestException)
        {
            // The sidecar may also drop the connection: cut is cut.
            return true;
        }
    }

    static async Task<string> Published(Bench b)
    {
        var mark = b.NewName();
        await Publish(b, mark);
        return mark;
    }

    static async Task Publish(Bench b, string mark) => (await b.Post(PublishCases.PathOf(b, "plain"), Bench.Json(new { mark }))).Is(204);

    static int CountOf(Bench b, string mark) => b.App.Seen.Count(request => request.Path == Topics.Path("plain") && request.Text.Contains(mark, StringComparison.Ordinal));
}
