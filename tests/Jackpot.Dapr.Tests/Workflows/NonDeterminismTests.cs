using Jackpot.Dapr.Workflows;
using Jackpot.Dapr.Workflows.Protocol;
using static Jackpot.Dapr.Tests.Workflows.ReplayKit;

namespace Jackpot.Dapr.Tests.Workflows;

public sealed class NonDeterminismTests
{
    static Task<string?> Twice(WorkflowContext context, string first, string second) => TwiceAsync(context, first, second);

    static async Task<string?> TwiceAsync(WorkflowContext context, string first, string second)
    {
        await context.CallActivityAsync(first);
        await context.CallActivityAsync(second);
        return "done";
    }

    [Fact]
    public void Another_activity_than_in_the_history_fails_the_instance()
    {
        var kit = new ReplayKit((context, _) => Twice(context, "A", "B"));
        kit.Start();
        kit.Deploy((context, _) => Twice(context, "X", "B"));

        kit.Step(Done(0));

        AssertNonDeterminism(kit, "'A'", "'X'");
    }

    [Fact]
    public void Another_kind_of_step_than_in_the_history_fails_the_instance()
    {
        var kit = new ReplayKit((context, _) => Twice(context, "A", "B"));
        kit.Start();
        kit.Deploy(async (context, _) =>
        {
            await context.CreateTimer(TimeSpan.FromSeconds(1));
            return null;
        });

        kit.Step(Done(0));

        AssertNonDeterminism(kit, "'A'", "a timer");
    }

    [Fact]
    public void Step_that_the_code_does_not_do_any_more_fails_the_instance()
    {
        var kit = new ReplayKit((context, _) => Twice(context, "A", "B"));
        kit.Start();
        kit.Step(Done(0));
        kit.Deploy(async (context, _) =>
        {
            await context.CallActivityAsync("A");
            await context.WaitForExternalEventAsync<string>("never");
            return null;
        });

        kit.Step(Done(1));

        AssertNonDeterminism(kit, "'B'");
    }

    [Fact]
    public void Step_that_the_history_does_not_have_fails_the_instance()
    {
        var kit = new ReplayKit((context, _) => Twice(context, "A", "B"));
        kit.Start();
        kit.Deploy(async (context, _) =>
        {
            await Task.WhenAll(context.CallActivityAsync("A"), context.CallActivityAsync("New"));
            return null;
        });

        kit.Step(Done(0));

        AssertNonDeterminism(kit, "'New'");
    }

    [Fact]
    public void Awaiting_anything_that_is_not_durable_fails_the_instance()
    {
        var kit = new ReplayKit(async (_, _) =>
        {
            await Task.Delay(TimeSpan.FromMinutes(10));
            return null;
        });

        kit.Start();

        AssertNonDeterminism(kit, "Task.Delay");
    }

    [Fact]
    public void Awaiting_without_the_context_of_the_caller_stays_in_the_step()
    {
        var kit = new ReplayKit(async (context, _) =>
        {
            await context.CallActivityAsync("A").ConfigureAwait(false);
            return await context.CallActivityAsync<string>("B").ConfigureAwait(false);
        });
        kit.Start();

        kit.Step(Done(0));
        kit.Step(Done(1, "b"));

        Assert.Equal("b", kit.Result);
    }

    [Fact]
    public void Patched_place_takes_the_new_way_for_new_instances_and_the_old_one_for_old_ones()
    {
        static async Task<string?> Patched(WorkflowContext context)
        {
            await context.CallActivityAsync(context.IsPatched("p1") ? "New" : "A");
            await context.CallActivityAsync("B");
            return "done";
        }

        var old = new ReplayKit((context, _) => Twice(context, "A", "B"));
        old.Start();
        old.Deploy((context, _) => Patched(context));
        var fresh = new ReplayKit((context, _) => Patched(context));

        var oldAnswer = old.Step(Done(0));
        var freshAnswer = fresh.Start();
        var freshLater = fresh.Step(Done(0));

        Assert.Equal("B", oldAnswer.Actions.Single().ScheduleTask.Name);
        Assert.Null(oldAnswer.Version);
        Assert.Equal("New", freshAnswer.Actions.Single().ScheduleTask.Name);
        Assert.Equal(["p1"], freshAnswer.Version.Patches);
        Assert.Equal(["p1"], freshLater.Version.Patches);
    }

    static void AssertNonDeterminism(ReplayKit kit, params string[] words)
    {
        Assert.Equal(OrchestrationStatus.Failed, kit.End?.WorkflowStatus);
        Assert.Contains("NonDeterminism", kit.End!.FailureDetails.ErrorType, StringComparison.Ordinal);
        Assert.True(kit.End.FailureDetails.IsNonRetriable);
        Assert.All(words, word => Assert.Contains(word, kit.End.FailureDetails.ErrorMessage, StringComparison.Ordinal));
    }
}
