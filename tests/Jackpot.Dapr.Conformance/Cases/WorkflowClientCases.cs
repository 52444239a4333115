using Dapr.DurableTask.Protobuf;
using Google.Protobuf.WellKnownTypes;
using Grpc.Core;
using Jackpot.Dapr.Conformance.Running;
using Jackpot.Dapr.Conformance.Workflows;

namespace Jackpot.Dapr.Conformance.Cases;

[Group("D.7 workflow client")]
static class WorkflowClientCases
{
    public static async Task Hello_is_answered(Bench b) => await b.Call((calls, options) => calls.HelloAsync(new Empty(), options));

    /// <summary>Real Dapr takes an unknown method for a call to another application and misses the name of that application.</summary>
    public static async Task Method_that_does_not_exist_is_unknown(Bench b) =>
        Expect.Equal(
            StatusCode.Unknown,
            (await WorkflowBench.Refused(() => b.CallUnknownMethod())).StatusCode, "status");

    public static async Task Workflow_runs_and_gives_its_result(Bench b)
    {
        var state = await b.Ended(await b.StartWorkflow("Echo", "hello"));
        Expect.Equal(OrchestrationStatus.Completed, state.WorkflowStatus, "status");
        Expect.Equal("\"hello\"", state.Output, "output");
    }

    public static async Task State_tells_name_input_and_times(Bench b)
    {
        var id = await b.StartWorkflow("Echo", "hello");
        await b.Ended(id);
        var state = (await b.Read(id)).WorkflowState;
        Expect.Equal("Echo", state.Name, "name");
        Expect.Equal("\"hello\"", state.Input, "input");
        Expect.True(state.CreatedTimestamp.ToDateTime() <= state.LastUpdatedTimestamp.ToDateTime(), "updated before it was created");
    }

    public static async Task Input_and_output_are_left_out_unless_asked_for(Bench b)
    {
        var id = await b.StartWorkflow("Echo", "hello");
        await b.Ended(id);
        var state = (await b.Read(id, inputs: false)).WorkflowState;
        Expect.True(string.IsNullOrEmpty(state.Input) && string.IsNullOrEmpty(state.Output), "input or output came unasked");
    }

    public static async Task Unknown_instance_does_not_exist(Bench b) => Expect.Equal(false, (await b.Read(b.NewName("wf"))).Exists, "exists");

    public static async Task Event_to_an_unknown_instance_is_refused(Bench b) =>
        Expect.Contains("no such instance exists", (await WorkflowBench.Refused(() => b.RaiseEvent(b.NewName("wf"), "go", 1))).Status.Detail, "message");

    public static async Task Active_id_is_refused_as_AlreadyExists(Bench b)
    {
        var id = await b.StartWorkflow("Event", "");
        var refused = await WorkflowBench.Refused(() => b.StartWorkflow("Event", "", id));
        Expect.Contains($"an active workflow with ID '{id}' already exists", refused.Status.Detail, "message");
        await b.RaiseEvent(id, "go", "x");
    }

    public static async Task Finished_id_may_be_used_again(Bench b)
    {
        var id = await b.StartWorkflow("Echo", "one");
        await b.Ended(id);
        await b.StartWorkflow("Echo", "two", id);
        await Expect.Eventually(async () => (await b.Read(id)).WorkflowState.Output == "\"two\"", "the second run gives no result");
    }

    public static async Task Waiting_for_the_start_answers(Bench b)
    {
        var id = await b.StartWorkflow("Event", "");
        var state = await b.Call((calls, options) => calls.WaitForInstanceStartAsync(new GetInstanceRequest { InstanceId = id }, options));
        Expect.Equal(id, state.WorkflowState.InstanceId, "instance");
        await b.RaiseEvent(id, "go", "x");
    }

    public static async Task Start_time_delays_the_start(Bench b)
    {
        var id = b.NewName("wf");
        var start = DateTime.UtcNow.AddSeconds(2);
        await b.Call((calls, options) => calls.StartInstanceAsync(new CreateInstanceRequest
        {
            InstanceId = id, Name = "Echo", Input = "\"x\"", ScheduledStartTimestamp = Timestamp.FromDateTime(start),
        }, options));
        await Task.Delay(500);
        var turns = b.Worker.TurnsOf(id).Count();
        if (DateTime.UtcNow < start)
        {
            Expect.Equal(0, turns, "turns before the start time");
        }
        await b.Ended(id);
        Expect.True(DateTime.UtcNow >= start.AddMilliseconds(-200), "it ended before its start time");
    }

    public static async Task Terminated_workflow_has_the_given_output(Bench b)
    {
        var id = await b.StartWorkflow("Event", "");
        await b.Has(id, OrchestrationStatus.Running);
        await b.Call((calls, options) => calls.TerminateInstanceAsync(new TerminateRequest { InstanceId = id, Output = "\"stopped\"", Recursive = true }, options));
        var state = await b.Ended(id);
        Expect.Equal(OrchestrationStatus.Terminated, state.WorkflowStatus, "status");
        Expect.Equal("\"stopped\"", state.Output, "output");
    }

    public static async Task Suspended_workflow_takes_no_event_until_it_is_resumed(Bench b)
    {
        var id = await b.StartWorkflow("Event", "");
        await b.Has(id, OrchestrationStatus.Running);
        await b.Call((calls, options) => calls.SuspendInstanceAsync(new SuspendRequest { InstanceId = id, Reason = "r" }, options));
        await b.Has(id, OrchestrationStatus.Suspended);
        await b.RaiseEvent(id, "go", "kept");
        await Task.Delay(1000);
        Expect.Equal(OrchestrationStatus.Suspended, (await b.Read(id)).WorkflowState.WorkflowStatus, "status");
        await b.Call((calls, options) => calls.ResumeInstanceAsync(new ResumeRequest { InstanceId = id, Reason = "r" }, options));
        Expect.Equal("\"kept\"", (await b.Ended(id)).Output, "output");
    }

    public static async Task Purge_removes_an_ended_workflow(Bench b)
    {
        var id = await b.StartWorkflow("Echo", "x");
        await b.Ended(id);
        var purged = await b.Call((calls, options) => calls.PurgeInstancesAsync(new PurgeInstancesRequest { InstanceId = id }, options));
        Expect.Equal(1, purged.DeletedInstanceCount, "deleted");
        Expect.Equal(false, (await b.Read(id)).Exists, "exists");
    }

    public static async Task Purge_of_a_running_workflow_is_refused(Bench b)
    {
        var id = await b.StartWorkflow("Event", "");
        await b.Has(id, OrchestrationStatus.Running);
        await WorkflowBench.Refused(() => b.Call((calls, options) => calls.PurgeInstancesAsync(new PurgeInstancesRequest { InstanceId = id }, options)));
        await b.RaiseEvent(id, "go", "x");
        await b.Ended(id);
    }

    public static async Task Ids_are_listed(Bench b)
    {
        var id = await b.StartWorkflow("Echo", "x");
        await b.Ended(id);
        var all = new List<string>();
        var request = new ListInstanceIDsRequest();
        for (var pages = 0; pages < 200; pages++)
        {
            var page = await b.Call((calls, options) => calls.ListInstanceIDsAsync(request, options));
            all.AddRange(page.InstanceIds);
            if (!page.HasContinuationToken || page.ContinuationToken.Length == 0)
            {
                break;
            }

            request.ContinuationToken = page.ContinuationToken;
        }

        Expect.True(all.Contains(id), "the id is not in the list");
    }

    public static async Task History_can_be_read(Bench b)
    {
        var id = await b.StartWorkflow("Chain", "x");
        await b.Ended(id);
        var history = await b.Call((calls, options) => calls.GetInstanceHistoryAsync(new GetInstanceHistoryRequest { InstanceId = id }, options));
        Expect.True(history.Events.Any(happened => happened.TaskCompleted is not null), "no TaskCompleted in the history");
        Expect.True(history.Events.Any(happened => happened.ExecutionStarted is not null), "no ExecutionStarted in the history");
    }
}
