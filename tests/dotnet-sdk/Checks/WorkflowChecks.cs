using Dapr.Workflow;
using DotnetSdk.App;
using DotnetSdk.Running;
using Grpc.Core;

namespace DotnetSdk.Checks;

[Group("workflows")]
static class WorkflowChecks
{
    public static async Task Workflow_class_and_activity_class_run(Bench b)
    {
        var id = await b.Workflows.ScheduleNewWorkflowAsync(nameof(GreetingWorkflow), b.NewName("wf"), "you");
        Expect.Equal($"Hello you from {id}", (await b.EndedAsync(id)).ReadOutputAs<string>(), "output");
    }

    public static async Task Activities_run_one_after_the_other(Bench b) =>
        Expect.Equal(new Order("c", 3, "ü"), await b.RunWorkflowAsync<Order>("Chain", new Order("c", 1, "ü")), "output");

    public static async Task Fifty_activities_run_side_by_side(Bench b) => Expect.Equal(2450, await b.RunWorkflowAsync<int>("FanOut", 50), "sum");

    public static async Task Timer_is_waited_for(Bench b) => Expect.Equal("in time", await b.RunWorkflowAsync<string>("Timer", 1000), "output");

    public static async Task Event_goes_to_the_workflow_that_waits(Bench b)
    {
        var id = await StartedAsync(b, "Event", "");
        await b.Workflows.RaiseEventAsync(id, "go", "payload");
        Expect.Equal("payload", (await b.EndedAsync(id)).ReadOutputAs<string>(), "output");
    }

    public static async Task Event_that_comes_before_it_is_awaited_is_kept(Bench b)
    {
        var id = await StartedAsync(b, "TwoEvents", "");
        await b.Workflows.RaiseEventAsync(id, "second", "2");
        await b.Workflows.RaiseEventAsync(id, "first", "1");
        Expect.Equal("12", (await b.EndedAsync(id)).ReadOutputAs<string>(), "output");
    }

    public static async Task Event_that_does_not_come_in_time_is_given_up(Bench b) => Expect.Equal("late", await b.RunWorkflowAsync<string>("EventWithin", 700), "output");

    public static async Task Event_in_time_is_not_late(Bench b)
    {
        var id = await StartedAsync(b, "EventWithin", 60_000);
        await b.Workflows.RaiseEventAsync(id, "go", "early");
        Expect.Equal("early", (await b.EndedAsync(id)).ReadOutputAs<string>(), "output");
    }

    public static async Task Child_workflow_gives_its_result(Bench b)
    {
        var id = await b.Workflows.ScheduleNewWorkflowAsync("Parent", b.NewName("wf"), "handed down");
        Expect.Equal("handed down", (await b.EndedAsync(id)).ReadOutputAs<string>(), "output");
        Expect.Equal(WorkflowRuntimeStatus.Completed, (await b.Workflows.GetWorkflowStateAsync(id + "-child"))!.RuntimeStatus, "status of the child");
    }

    public static async Task Failure_of_a_child_is_caught_with_its_details(Bench b)
    {
        var caught = await b.RunWorkflowAsync<string>("ParentOfFailed", "from the child");
        Expect.True(caught!.Contains("from the child", StringComparison.Ordinal), $"caught '{caught}'");
    }

    public static async Task Failed_workflow_tells_type_and_message(Bench b)
    {
        var state = await b.EndedAsync(await b.Workflows.ScheduleNewWorkflowAsync("Fail", b.NewName("wf"), "the reason"));
        Expect.Equal(WorkflowRuntimeStatus.Failed, state.RuntimeStatus, "status");
        Expect.True(state.FailureDetails!.ErrorType.Contains(nameof(InvalidOperationException), StringComparison.Ordinal), $"type {state.FailureDetails.ErrorType}");
        Expect.True(state.FailureDetails.ErrorMessage.Contains("the reason", StringComparison.Ordinal), $"message {state.FailureDetails.ErrorMessage}");
    }

    public static async Task Failure_of_an_activity_is_caught_with_its_details(Bench b)
    {
        var caught = await b.RunWorkflowAsync<string>("FailedActivity", "why it broke");
        Expect.True(caught!.Contains(nameof(FormatException), StringComparison.Ordinal) && caught.Contains("why it broke", StringComparison.Ordinal), $"caught '{caught}'");
    }

    public static async Task Failed_activity_is_tried_again_as_the_policy_says(Bench b)
    {
        var key = b.NewName();
        Expect.Equal("third", await b.RunWorkflowAsync<string>("Retried", key), "output");
        Expect.Equal(3, SdkWorkflows.TriesOf(key), "tries");
    }

    public static async Task Policy_that_is_used_up_fails_the_workflow(Bench b)
    {
        var key = b.NewName();
        var state = await b.EndedAsync(await b.Workflows.ScheduleNewWorkflowAsync("RetriedInVain", b.NewName("wf"), key));
        Expect.Equal(WorkflowRuntimeStatus.Failed, state.RuntimeStatus, "status");
        Expect.Equal(3, SdkWorkflows.TriesOf(key), "tries");
    }

    public static async Task Workflow_continues_as_new(Bench b) => Expect.Equal(0, await b.RunWorkflowAsync<int>("Countdown", 5), "output");

    public static async Task Suspended_workflow_takes_no_event_until_it_is_resumed(Bench b)
    {
        var id = await StartedAsync(b, "Event", "");
        await b.Workflows.SuspendWorkflowAsync(id, "why");
        await HasAsync(b, id, WorkflowRuntimeStatus.Suspended);
        await b.Workflows.RaiseEventAsync(id, "go", "kept");
        await b.Workflows.ResumeWorkflowAsync(id, "on");
        Expect.Equal("kept", (await b.EndedAsync(id)).ReadOutputAs<string>(), "output");
    }

    /// <summary>Of the output that a terminator gives, the SDK's worker says nothing in its answer; so no more is claimed than the end.</summary>
    public static async Task Terminated_workflow_ends(Bench b)
    {
        var id = await StartedAsync(b, "Event", "");
        await b.Workflows.TerminateWorkflowAsync(id, "stopped");
        Expect.Equal(WorkflowRuntimeStatus.Terminated, (await b.EndedAsync(id)).RuntimeStatus, "status");
    }

    public static async Task Purged_workflow_is_gone(Bench b)
    {
        var id = await b.Workflows.ScheduleNewWorkflowAsync("Echo", b.NewName("wf"), "x");
        await b.EndedAsync(id);
        Expect.True(await b.Workflows.PurgeInstanceAsync(id), "nothing was purged");
        Expect.True(await b.Workflows.GetWorkflowStateAsync(id) is not { Exists: true }, "it is still there");
    }

    public static async Task Custom_status_is_told_while_it_runs(Bench b)
    {
        var id = await b.Workflows.ScheduleNewWorkflowAsync("Status", b.NewName("wf"), "half way");
        await Expect.Eventually(async () => (await b.Workflows.GetWorkflowStateAsync(id))?.ReadCustomStatusAs<string>() == "half way", "the status is not told");
        await b.Workflows.RaiseEventAsync(id, "go", "x");
    }

    public static async Task State_tells_name_input_and_times(Bench b)
    {
        var id = await b.Workflows.ScheduleNewWorkflowAsync("Echo", b.NewName("wf"), "in");
        await b.EndedAsync(id);
        var state = (await b.Workflows.GetWorkflowStateAsync(id))!;
        Expect.Equal("Echo in in", $"{state.WorkflowName} {state.ReadInputAs<string>()} {state.ReadOutputAs<string>()}", "name, input, output");
        Expect.True(state.CreatedAt <= state.LastUpdatedAt && state.IsWorkflowCompleted, "times or completion are wrong");
    }

    public static async Task Unknown_workflow_does_not_exist(Bench b) => Expect.True(await b.Workflows.GetWorkflowStateAsync(b.NewName("wf")) is not { Exists: true }, "it exists");

    public static async Task Id_of_a_running_workflow_is_AlreadyExists(Bench b)
    {
        var id = await StartedAsync(b, "Event", "");
        await Expect.Refused(StatusCode.AlreadyExists, () => b.Workflows.ScheduleNewWorkflowAsync("Event", id, ""));
        await b.Workflows.TerminateWorkflowAsync(id);
    }

    public static async Task Start_time_delays_the_start(Bench b)
    {
        var start = DateTimeOffset.UtcNow.AddSeconds(2);
        var id = await b.Workflows.ScheduleNewWorkflowAsync("Echo", b.NewName("wf"), "x", start);
        await b.EndedAsync(id);
        Expect.True(DateTimeOffset.UtcNow >= start.AddMilliseconds(-200), "it ended before its start time");
    }

    public static async Task Name_that_nobody_registered_fails_the_workflow(Bench b) =>
        Expect.Equal(WorkflowRuntimeStatus.Failed, (await b.EndedAsync(await b.Workflows.ScheduleNewWorkflowAsync("NobodyRegisteredThis", b.NewName("wf"), "x"))).RuntimeStatus, "status");

    public static async Task Ids_and_times_of_a_workflow_are_the_same_in_every_replay(Bench b) => Expect.True(await b.RunWorkflowAsync<bool>("Deterministic", ""), "a replay saw something else");

    public static async Task History_is_told(Bench b)
    {
        var id = await b.Workflows.ScheduleNewWorkflowAsync("Chain", b.NewName("wf"), new Order("h", 1));
        await b.EndedAsync(id);
        var kinds = (await b.Workflows.GetInstanceHistoryAsync(id)).Select(happened => happened.EventType.ToString()).ToList();
        Expect.Equal(2, kinds.Count(kind => kind == "TaskCompleted"), $"completed activities in [{string.Join(", ", kinds)}]");
    }

    public static async Task Ids_are_listed(Bench b)
    {
        var id = await b.Workflows.ScheduleNewWorkflowAsync("Echo", b.NewName("wf"), "x");
        string? next = null;
        do
        {
            var page = await b.Workflows.ListInstanceIdsAsync(next);
            if (page.InstanceIds.Contains(id))
            {
                return;
            }
            next = page.ContinuationToken;
        }
        while (!string.IsNullOrEmpty(next));
        throw new CheckFailure("the id is not in the list");
    }

    static async Task<string> StartedAsync(Bench b, string name, object input)
    {
        var id = await b.Workflows.ScheduleNewWorkflowAsync(name, b.NewName("wf"), input);
        await HasAsync(b, id, WorkflowRuntimeStatus.Running);
        return id;
    }

    static Task HasAsync(Bench b, string id, WorkflowRuntimeStatus status) =>
        Expect.Eventually(async () => (await b.Workflows.GetWorkflowStateAsync(id))?.RuntimeStatus == status, $"workflow {id} does not become {status}");
}
