using Dapr.DurableTask.Protobuf;
using Grpc.Core;
using Jackpot.Dapr.Conformance.Running;
using Jackpot.Dapr.Conformance.Workflows;

namespace Jackpot.Dapr.Conformance.Cases;

[Group("D.5 workflow worker")]
static class WorkflowWorkerCases
{
    public static async Task First_turn_begins_with_WorkflowStarted_and_ExecutionStarted(Bench b)
    {
        var id = await b.StartWorkflow("Echo", "in");
        await b.Ended(id);
        var first = b.Worker.TurnsOf(id).First();
        Expect.Equal(0, first.PastEvents.Count, "past events");
        Expect.True(first.NewEvents[0].WorkflowStarted is not null, "the first event is not WorkflowStarted");
        Expect.Equal(-1, first.NewEvents[0].EventId, "eventId of WorkflowStarted");
        Expect.True(first.NewEvents[1].ExecutionStarted is not null, "the second event is not ExecutionStarted");
        Expect.Equal(-1, first.NewEvents[1].EventId, "eventId of ExecutionStarted");
        Expect.Equal("Echo", first.NewEvents[1].ExecutionStarted.Name, "name");
        Expect.Equal("\"in\"", first.NewEvents[1].ExecutionStarted.Input, "input");
    }

    public static async Task Later_turns_begin_with_WorkflowStarted_and_carry_the_whole_history(Bench b)
    {
        var id = await b.StartWorkflow("Chain", "x");
        await b.Ended(id);
        var turns = b.Worker.TurnsOf(id).ToList();
        Expect.True(turns.Count >= 2, $"{turns.Count} turns");
        Expect.True(turns[1].NewEvents[0].WorkflowStarted is not null, "the turn does not begin with WorkflowStarted");
        Expect.True(turns[1].PastEvents.Any(happened => happened.ExecutionStarted is not null), "no ExecutionStarted in the past");
    }

    public static async Task Completion_token_is_empty(Bench b)
    {
        var id = await b.StartWorkflow("Chain", "x");
        await b.Ended(id);
        Expect.True(b.Worker.ItemsOf(id).All(item => item.CompletionToken.Length == 0), "a token was given");
    }

    public static async Task Number_of_the_action_is_the_id_of_the_event(Bench b)
    {
        var id = await b.StartWorkflow("Sequence", 2);
        await b.Ended(id);
        var ids = b.Worker.TurnsOf(id).Last().PastEvents.Where(happened => happened.TaskScheduled is not null).Select(happened => happened.EventId);
        Expect.Equal("0,1", string.Join(',', ids), "event ids");
    }

    public static async Task Result_points_to_its_action_and_has_no_id_of_its_own(Bench b)
    {
        var id = await b.StartWorkflow("Chain", "x");
        await b.Ended(id);
        var result = b.Worker.TurnsOf(id).SelectMany(turn => turn.NewEvents).Single(happened => happened.TaskCompleted is not null);
        Expect.Equal(-1, result.EventId, "eventId");
        Expect.Equal(0, result.TaskCompleted.TaskScheduledId, "taskScheduledId");
        Expect.Equal("\"X\"", result.TaskCompleted.Result, "result");
    }

    public static async Task Activity_gets_name_input_number_execution_id_and_instance(Bench b)
    {
        var id = await b.StartWorkflow("Chain", "x");
        await b.Ended(id);
        var call = b.Worker.CallsOf(id).First();
        Expect.Equal("Upper", call.Name, "name");
        Expect.Equal("\"x\"", call.Input, "input");
        Expect.Equal(0, call.TaskId, "task id");
        Expect.True(call.TaskExecutionId.Length > 0, "no execution id");
    }

    public static async Task Failure_of_an_activity_keeps_type_and_message(Bench b) =>
        Expect.Equal("\"System.FormatException: broken on purpose\"", (await b.Ended(await b.StartWorkflow("FailedActivity", "x"))).Output, "output");

    public static async Task Unknown_activity_fails_by_the_worker_s_answer(Bench b) =>
        Expect.Contains("ActivityNotFound", (await b.Ended(await b.StartWorkflow("UnknownActivity", "x"))).Output, "output");

    public static async Task Unknown_workflow_fails_by_the_worker_s_answer(Bench b)
    {
        var state = await b.Ended(await b.StartWorkflow("NobodyHasThis", "x"));
        Expect.Equal(OrchestrationStatus.Failed, state.WorkflowStatus, "status");
        Expect.Equal("WorkflowNotFound", state.FailureDetails.ErrorType, "error type");
    }

    public static async Task Failed_workflow_keeps_type_and_message(Bench b)
    {
        var state = await b.Ended(await b.StartWorkflow("Fail", "why"));
        Expect.Equal(OrchestrationStatus.Failed, state.WorkflowStatus, "status");
        Expect.Equal("System.InvalidOperationException", state.FailureDetails.ErrorType, "error type");
        Expect.Equal("why", state.FailureDetails.ErrorMessage, "message");
    }

    public static async Task Failed_activity_is_tried_again_after_a_timer(Bench b)
    {
        var id = await b.StartWorkflow("Retried", "x");
        Expect.Equal("\"third\"", (await b.Ended(id)).Output, "output");
        Expect.Equal(1, b.Worker.CallsOf(id).Select(call => call.TaskExecutionId).Distinct().Count(), "execution ids");
        Expect.Equal("0,2,4", string.Join(',', b.Worker.CallsOf(id).Select(call => call.TaskId).Distinct()), "task ids");
    }

    public static async Task Timer_fires_not_before_its_time(Bench b)
    {
        var started = DateTime.UtcNow;
        var id = await b.StartWorkflow("Timer", 1.5);
        await b.Ended(id);
        Expect.True(DateTime.UtcNow - started >= TimeSpan.FromSeconds(1.4), "it fired early");
        var fired = b.Worker.TurnsOf(id).SelectMany(turn => turn.NewEvents).Single(happened => happened.TimerFired is not null);
        Expect.Equal(0, fired.TimerFired.TimerId, "timer id");
        Expect.Equal(-1, fired.EventId, "event id");
    }

    public static async Task Event_reaches_the_wait(Bench b)
    {
        var id = await b.StartWorkflow("Event", "");
        await b.Has(id, OrchestrationStatus.Running);
        await b.RaiseEvent(id, "GO", "payload");
        Expect.Equal("\"payload\"", (await b.Ended(id)).Output, "output");
    }

    public static async Task Event_with_time_out_comes_in_time(Bench b)
    {
        var id = await b.StartWorkflow("EventTimeout", 60);
        await b.RaiseEvent(id, "go", "in time");
        Expect.Equal("\"in time\"", (await b.Ended(id)).Output, "output");
    }

    public static async Task Event_that_does_not_come_times_out(Bench b) =>
        Expect.Equal("\"late\"", (await b.Ended(await b.StartWorkflow("EventTimeout", 1))).Output, "output");

    public static async Task Child_gives_its_result_to_the_parent(Bench b)
    {
        var id = await b.StartWorkflow("Parent", "abc");
        Expect.Equal("\"ABC\"", (await b.Ended(id)).Output, "output");
        Expect.Equal(OrchestrationStatus.Completed, (await b.Read(id + "-child")).WorkflowState.WorkflowStatus, "status of the child");
    }

    public static async Task Failed_child_fails_the_call(Bench b) =>
        Expect.Contains("System.InvalidOperationException: x", (await b.Ended(await b.StartWorkflow("ParentOfFailed", "x"))).Output, "output");

    public static async Task Child_without_an_id_gets_one_from_its_parent(Bench b)
    {
        var id = b.NewName("wf");
        b.Worker.Script(id, request =>
        {
            var done = request.NewEvents.FirstOrDefault(happened => happened.ChildWorkflowInstanceCompleted is not null);
            return Task.FromResult<WorkflowResponse?>(new WorkflowResponse
            {
                InstanceId = id,
                Actions =
                {
                    done is null
                        ? new WorkflowAction { Id = 0, CreateChildWorkflow = new CreateChildWorkflowAction { Name = "Echo", Input = "\"c\"" } }
                        : new WorkflowAction { Id = 1, CompleteWorkflow = new CompleteWorkflowAction { WorkflowStatus = OrchestrationStatus.Completed, Result = done.ChildWorkflowInstanceCompleted.Result } },
                },
            });
        });
        await b.StartWorkflow("Scripted", "x", id);
        Expect.Equal("\"c\"", (await b.Ended(id)).Output, "output");
        Expect.Equal(true, (await b.Read($"{id}:0000")).Exists, "child under the id of its parent");
    }

    public static async Task Continue_as_new_starts_over_with_an_empty_history(Bench b)
    {
        var id = await b.StartWorkflow("Countdown", 3);
        Expect.Equal("\"done\"", (await b.Ended(id)).Output, "output");
        var starts = b.Worker.TurnsOf(id).SelectMany(turn => turn.NewEvents).Where(happened => happened.ExecutionStarted is not null);
        Expect.Equal("3,2,1,0", string.Join(',', starts.Select(happened => happened.ExecutionStarted.Input)), "inputs");
        Expect.Equal(0, b.Worker.TurnsOf(id).Last().PastEvents.Count, "past events of the last run");
    }

    public static async Task Continue_as_new_keeps_events_that_nobody_took(Bench b)
    {
        var id = await b.StartWorkflow("CarryOver", 0);
        await b.RaiseEvent(id, "second", "kept");
        await b.RaiseEvent(id, "first", "");
        Expect.Equal("\"kept\"", (await b.Ended(id)).Output, "output");
    }

    public static async Task Custom_status_can_be_read(Bench b)
    {
        var id = await b.StartWorkflow("Status", "half way");
        await Expect.Eventually(async () => (await b.Read(id)).WorkflowState.CustomStatus == "\"half way\"", "the custom status does not show");
        await b.RaiseEvent(id, "go", "x");
        await b.Ended(id);
    }

    public static async Task Twenty_activities_at_once_all_come_back(Bench b) =>
        Expect.Equal("380", (await b.Ended(await b.StartWorkflow("FanOut", 20))).Output, "output");

    public static async Task Twenty_activities_in_a_row_keep_their_order(Bench b) =>
        Expect.Equal("380", (await b.Ended(await b.StartWorkflow("Sequence", 20))).Output, "output");

    public static async Task One_turn_of_an_instance_is_out_at_a_time(Bench b)
    {
        var id = b.NewName("wf");
        var running = 0;
        var atOnce = 0;
        b.Worker.Script(id, async request =>
        {
            atOnce = Math.Max(atOnce, Interlocked.Increment(ref running));
            await Task.Delay(300);
            Interlocked.Decrement(ref running);
            var stop = request.PastEvents.Concat(request.NewEvents).Count(happened => happened.EventRaised is not null) >= 5;
            return stop
                ? new WorkflowResponse { InstanceId = id, Actions = { new WorkflowAction { Id = 0, CompleteWorkflow = new CompleteWorkflowAction { WorkflowStatus = OrchestrationStatus.Completed } } } }
                : new WorkflowResponse { InstanceId = id };
        });
        await b.StartWorkflow("Scripted", "x", id);
        await Task.WhenAll(Enumerable.Range(0, 5).Select(i => b.RaiseEvent(id, "e", i)));
        await b.Ended(id);
        Expect.Equal(1, atOnce, "turns out at once");
    }

    public static async Task Events_come_in_the_order_they_were_raised(Bench b)
    {
        var id = b.NewName("wf");
        b.Worker.Script(id, request =>
        {
            var raised = request.PastEvents.Concat(request.NewEvents).Where(happened => happened.EventRaised is not null).Select(happened => happened.EventRaised.Input).ToList();
            var response = new WorkflowResponse { InstanceId = id };
            if (raised.Count >= 4)
            {
                response.Actions.Add(new WorkflowAction
                {
                    Id = 0, CompleteWorkflow = new CompleteWorkflowAction { WorkflowStatus = OrchestrationStatus.Completed, Result = $"\"{string.Join("", raised)}\"" },
                });
            }

            return Task.FromResult<WorkflowResponse?>(response);
        });
        await b.StartWorkflow("Scripted", "x", id);
        for (var i = 0; i < 4; i++)
        {
            await b.RaiseEvent(id, "e", i);
        }

        Expect.Equal("\"0123\"", (await b.Ended(id)).Output, "order");
    }

    public static async Task Completion_of_something_unknown_does_no_harm(Bench b)
    {
        try
        {
            await b.Worker.CompleteAsync(new WorkflowResponse { InstanceId = b.NewName("wf") });
            await b.Worker.CompleteAsync(new ActivityResponse { InstanceId = b.NewName("wf"), TaskId = 7 });
        }
        catch (RpcException)
        {
            // Ignored or refused: both are good, as long as the sidecar goes on.
        }

        Expect.Equal("\"after\"", (await b.Ended(await b.StartWorkflow("Echo", "after"))).Output, "output");
    }

    public static async Task Result_of_one_mebibyte_passes(Bench b)
    {
        var text = new string('x', 1024 * 1024);
        Expect.Equal(text.Length + 2, (await b.Ended(await b.StartWorkflow("Echo", text))).Output.Length, "length of the output");
    }
}
