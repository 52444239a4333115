using Dapr.DurableTask.Protobuf;
using Jackpot.Dapr.Conformance.Running;
using Jackpot.Dapr.Conformance.Workflows;

namespace Jackpot.Dapr.Conformance.Cases;

/// <summary>Breaking the stream makes every workflow that is on its way go back a step, so these run when the others have ended.</summary>
[Group("D.4 workflow stream", Alone = true)]
static class WorkflowStreamCases
{
    public static async Task Turn_of_a_broken_stream_is_sent_again(Bench b)
    {
        var id = b.NewName("wf");
        var asked = 0;
        b.Worker.Script(id, request => Task.FromResult(Interlocked.Increment(ref asked) == 1 ? null : b.Worker.Replay(request)));
        var start = b.StartWorkflow("Echo", "again", id);
        await Expect.Eventually(() => Task.FromResult(b.Worker.TurnsOf(id).Any()), "the turn never came");
        b.Worker.BreakStream();
        await start;
        Expect.Equal("\"again\"", (await b.Ended(id)).Output, "output");
        Expect.True(b.Worker.TurnsOf(id).Count() >= 2, "the turn came only once");
    }

    public static async Task Workflow_that_waits_survives_a_broken_stream(Bench b)
    {
        var id = await b.StartWorkflow("Event", "");
        await b.Has(id, OrchestrationStatus.Running);
        b.Worker.BreakStream();
        await Task.Delay(1500);
        await b.RaiseEvent(id, "go", "later");
        Expect.Equal("\"later\"", (await b.Ended(id)).Output, "output");
    }
}
