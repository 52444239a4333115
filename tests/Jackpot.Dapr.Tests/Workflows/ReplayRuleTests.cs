using Google.Protobuf.WellKnownTypes;
using Jackpot.Dapr.Workflows;
using Jackpot.Dapr.Workflows.Protocol;
using static Jackpot.Dapr.Tests.Workflows.ReplayKit;

namespace Jackpot.Dapr.Tests.Workflows;

public sealed class ReplayRuleTests
{
    [Fact]
    public void Actions_are_numbered_in_program_order_and_completion_takes_the_next_number()
    {
        var kit = new ReplayKit(async (context, _) =>
        {
            var a = context.CallActivityAsync<string>("A");
            var t = context.CreateTimer(TimeSpan.FromMinutes(1));
            var c = context.CallChildWorkflowAsync<string>("C");
            await Task.WhenAll(a, t, c);
            return await a + await c;
        });

        var first = kit.Start();
        var last = kit.Step(Done(0, "x"), ChildDone(2, "y"), Fired(1));

        Assert.Equal([0, 1, 2], first.Actions.Select(action => action.Id));
        Assert.Equal("A", first.Actions[0].ScheduleTask.Name);
        Assert.Equal(kit.Now.AddSeconds(-2).AddMinutes(1), first.Actions[1].CreateTimer.FireAt.ToDateTime());
        Assert.Equal(3, Assert.Single(last.Actions).Id);
        Assert.Equal("xy", kit.Result);
    }

    [Fact]
    public void Answer_holds_only_actions_that_the_history_does_not_have()
    {
        var kit = new ReplayKit(async (context, _) =>
        {
            await context.CallActivityAsync("A");
            await context.CallActivityAsync("B");
            return "done";
        });
        kit.Start();

        var second = kit.Step(Done(0));
        var third = kit.Step(Done(1));

        Assert.Equal("B", Assert.Single(second.Actions).ScheduleTask.Name);
        Assert.Equal(OrchestrationStatus.Completed, Assert.Single(third.Actions).CompleteWorkflow.WorkflowStatus);
    }

    [Fact]
    public void Answer_echoes_instance_and_token()
    {
        var kit = new ReplayKit((_, _) => Task.FromResult<string?>(null));

        var response = kit.Start();

        Assert.Equal("i-1", response.InstanceId);
        Assert.Equal("token", response.CompletionToken);
    }

    [Fact]
    public void Time_is_that_of_the_step_and_the_same_in_replay()
    {
        var seen = new List<DateTime>();
        var kit = new ReplayKit(async (context, _) =>
        {
            seen.Add(context.CurrentUtcDateTime);
            await context.CallActivityAsync("A");
            seen.Add(context.CurrentUtcDateTime);
            await context.CallActivityAsync("B");
            return null;
        });
        var start = kit.Now;

        kit.Start();
        kit.Step(Done(0));
        kit.Step(Done(1));

        Assert.Equal([start, start, start.AddSeconds(1), start, start.AddSeconds(1)], seen);
    }

    [Fact]
    public void Replaying_is_true_for_the_past_only()
    {
        var seen = new List<bool>();
        var kit = new ReplayKit(async (context, _) =>
        {
            seen.Add(context.IsReplaying);
            await context.CallActivityAsync("A");
            seen.Add(context.IsReplaying);
            return null;
        });

        kit.Start();
        kit.Step(Done(0));

        Assert.Equal([false, true, false], seen);
    }

    [Fact]
    public void Results_for_unknown_numbers_and_second_results_are_ignored()
    {
        var kit = new ReplayKit(async (context, _) => await context.CallActivityAsync<string>("A") + await context.CallActivityAsync<string>("B"));
        kit.Start();

        kit.Step(Done(99, "?"), Done(0, "a"), Done(0, "again"), Fired(98));
        kit.Step(Done(1, "b"));

        Assert.Equal("ab", kit.Result);
    }

    [Fact]
    public void Failed_activity_is_an_exception_with_its_details()
    {
        var kit = new ReplayKit(async (context, _) =>
        {
            try
            {
                await context.CallActivityAsync("A");
                return "no";
            }
            catch (WorkflowTaskFailedException failed)
            {
                return $"{failed.FailureDetails.ErrorType}:{failed.FailureDetails.ErrorMessage}";
            }
        });
        kit.Start();

        kit.Step(Failed(0, "Bad"));

        Assert.Equal("Bad:broke", kit.Result);
    }

    [Fact]
    public void Exception_that_leaves_the_workflow_fails_it_with_type_message_and_cause()
    {
        var kit = new ReplayKit((_, _) => throw new InvalidOperationException("outer", new FormatException("inner")));

        kit.Start();

        Assert.Equal(OrchestrationStatus.Failed, kit.End!.WorkflowStatus);
        Assert.Equal("System.InvalidOperationException", kit.End.FailureDetails.ErrorType);
        Assert.Equal("outer", kit.End.FailureDetails.ErrorMessage);
        Assert.Equal("System.FormatException", kit.End.FailureDetails.InnerFailure.ErrorType);
    }

    [Fact]
    public void Unknown_workflow_fails_as_not_found_and_not_retriable()
    {
        var kit = new ReplayKit((_, _) => Task.FromResult<string?>(null));

        kit.Step(kit.Started("Other"));

        Assert.Equal(OrchestrationStatus.Failed, kit.End!.WorkflowStatus);
        Assert.Equal("WorkflowNotFound", kit.End.FailureDetails.ErrorType);
        Assert.True(kit.End.FailureDetails.IsNonRetriable);
    }

    [Fact]
    public void Retry_waits_on_a_timer_and_calls_again_with_a_new_number_and_the_same_execution_id()
    {
        var policy = new WorkflowRetryPolicy(3, TimeSpan.FromSeconds(10), 2.0);
        var kit = new ReplayKit(async (context, _) => await context.CallActivityAsync<string>("A", options: new WorkflowTaskOptions(policy)));
        var first = kit.Start().Actions.Single();
        var start = kit.Now;

        var pause = kit.Step(Failed(0)).Actions.Single();
        var again = kit.Step(Fired(1)).Actions.Single();
        var longer = kit.Step(Failed(2)).Actions.Single();
        kit.Step(Fired(3));
        kit.Step(Done(4, "third"));

        Assert.Equal(start.AddSeconds(10), pause.CreateTimer.FireAt.ToDateTime());
        Assert.Equal(first.ScheduleTask.TaskExecutionId, pause.CreateTimer.ActivityRetry.TaskExecutionId);
        Assert.Equal((2, first.ScheduleTask.TaskExecutionId), (again.Id, again.ScheduleTask.TaskExecutionId));
        Assert.Equal(start.AddSeconds(2 + 20), longer.CreateTimer.FireAt.ToDateTime());
        Assert.Equal("third", kit.Result);
    }

    [Fact]
    public void Retries_end_with_the_attempts_and_the_last_failure()
    {
        var policy = new WorkflowRetryPolicy(2, TimeSpan.FromSeconds(1));
        var kit = new ReplayKit(async (context, _) => await context.CallActivityAsync<string>("A", options: new WorkflowTaskOptions(policy)));
        kit.Start();

        kit.Step(Failed(0));
        kit.Step(Fired(1));
        kit.Step(Failed(2, "Last"));

        Assert.Equal(OrchestrationStatus.Failed, kit.End!.WorkflowStatus);
        Assert.Equal("Last", kit.End.FailureDetails.InnerFailure.ErrorType);
    }

    [Fact]
    public void Non_retriable_failure_is_not_tried_again()
    {
        var policy = new WorkflowRetryPolicy(5, TimeSpan.FromSeconds(1));
        var kit = new ReplayKit(async (context, _) => await context.CallActivityAsync<string>("A", options: new WorkflowTaskOptions(policy)));
        kit.Start();

        kit.Step(Failed(0, nonRetriable: true));

        Assert.Equal(OrchestrationStatus.Failed, kit.End!.WorkflowStatus);
    }

    [Fact]
    public void Child_is_retried_under_the_same_instance_id()
    {
        var policy = new WorkflowRetryPolicy(2, TimeSpan.FromSeconds(1));
        var kit = new ReplayKit(async (context, _) => await context.CallChildWorkflowAsync<string>("C", options: new ChildWorkflowTaskOptions(RetryPolicy: policy)));
        var first = kit.Start().Actions.Single().CreateChildWorkflow;

        var pause = kit.Step(ChildFailed(0)).Actions.Single();
        var again = kit.Step(Fired(1)).Actions.Single().CreateChildWorkflow;

        Assert.NotEmpty(first.InstanceId);
        Assert.Equal(first.InstanceId, pause.CreateTimer.ChildWorkflowRetry.InstanceId);
        Assert.Equal(first.InstanceId, again.InstanceId);
    }

    [Fact]
    public void Event_that_came_early_is_kept_and_names_have_no_case()
    {
        var kit = new ReplayKit(async (context, _) =>
        {
            await context.CallActivityAsync("A");
            return await context.WaitForExternalEventAsync<string>("approve") + await context.WaitForExternalEventAsync<string>("APPROVE");
        });
        kit.Start();

        kit.Step(Raised("Approve", "1"), Raised("Approve", "2"), Done(0));

        Assert.Equal("12", kit.Result);
    }

    [Fact]
    public void Endless_wait_writes_the_optional_timer_at_the_end_of_time()
    {
        var kit = new ReplayKit(async (context, _) => await context.WaitForExternalEventAsync<string>("go"));

        var timer = kit.Start().Actions.Single().CreateTimer;
        kit.Step(Raised("go", "x"));

        Assert.Equal(new Timestamp { Seconds = 253402300799, Nanos = 999999999 }, timer.FireAt);
        Assert.Equal("go", timer.ExternalEvent.Name);
        Assert.Equal("x", kit.Result);
    }

    [Fact]
    public void History_without_the_optional_timers_is_continued_with_shifted_numbers()
    {
        var kit = new ReplayKit(async (context, _) =>
        {
            var go = context.WaitForExternalEventAsync<string>("go");
            var stop = context.WaitForExternalEventAsync<string>("stop");
            var a = await context.CallActivityAsync<string>("A");
            return a + await go + await stop;
        });
        kit.Start();
        kit.History.RemoveAll(happened => happened.TimerCreated is not null);
        kit.History.Single(happened => happened.TaskScheduled is not null).EventId = 0;

        var answer = kit.Step(Done(0, "a"));
        kit.Step(Raised("go", "b"), Raised("stop", "c"));

        Assert.Empty(answer.Actions);
        Assert.Equal("abc", kit.Result);
        Assert.Equal(1, kit.History.Count(happened => happened.TaskScheduled is not null));
    }

    [Fact]
    public void Optional_timer_is_not_taken_for_another_timer_of_an_older_history()
    {
        var kit = new ReplayKit(async (context, _) =>
        {
            var go = context.WaitForExternalEventAsync<string>("go");
            await context.CreateTimer(TimeSpan.FromMinutes(1));
            await context.CallActivityAsync("A");
            return await go;
        });
        kit.Start();
        kit.History.RemoveAll(happened => happened.TimerCreated?.FireAt.Seconds > 253402300000);
        kit.History.Single(happened => happened.TimerCreated is not null).EventId = 0;

        var answer = kit.Step(Fired(0));
        kit.Step(Done(1), Raised("go", "x"));

        Assert.Equal((1, "A"), (answer.Actions.Single().Id, answer.Actions.Single().ScheduleTask.Name));
        Assert.Equal("x", kit.Result);
    }

    [Fact]
    public void Wait_with_a_timeout_is_cancelled_by_its_timer()
    {
        var kit = new ReplayKit(async (context, _) =>
        {
            try
            {
                return await context.WaitForExternalEventAsync<string>("go", TimeSpan.FromMinutes(5));
            }
            catch (TaskCanceledException)
            {
                return "late";
            }
        });
        var timer = kit.Start().Actions.Single().CreateTimer;

        kit.Step(Fired(0));

        Assert.Equal(kit.Now.AddSeconds(-2).AddMinutes(5), timer.FireAt.ToDateTime());
        Assert.Equal("late", kit.Result);
    }

    [Fact]
    public void Timer_of_a_wait_that_got_its_event_is_ignored()
    {
        var kit = new ReplayKit(async (context, _) =>
        {
            var got = await context.WaitForExternalEventAsync<string>("go", TimeSpan.FromMinutes(5));
            await context.CallActivityAsync("A");
            return got;
        });
        kit.Start();

        kit.Step(Raised("go", "x"));
        kit.Step(Fired(0));
        kit.Step(Done(1));

        Assert.Equal("x", kit.Result);
    }

    [Fact]
    public void Zero_timeout_takes_what_is_there_and_writes_no_timer()
    {
        var kit = new ReplayKit(async (context, _) =>
        {
            try
            {
                return await context.WaitForExternalEventAsync<string>("go", TimeSpan.Zero);
            }
            catch (TaskCanceledException)
            {
                return "none";
            }
        });

        var answer = kit.Start();

        Assert.Single(answer.Actions);
        Assert.Equal("none", kit.Result);
    }

    [Fact]
    public void Cancelled_timer_writes_nothing_and_its_firing_is_ignored()
    {
        var kit = new ReplayKit(async (context, _) =>
        {
            using var cancel = new CancellationTokenSource();
            var timer = context.CreateTimer(TimeSpan.FromHours(1), cancel.Token);
            var work = context.CallActivityAsync<string>("A");
            var winner = await Task.WhenAny(timer, work);
            cancel.Cancel();
            await context.CallActivityAsync("B");
            return winner == work && timer.IsCanceled ? "work" : "timer";
        });
        kit.Start();

        var answer = kit.Step(Done(1, "a"));
        kit.Step(Fired(0));
        kit.Step(Done(2));

        Assert.Equal("B", Assert.Single(answer.Actions).ScheduleTask.Name);
        Assert.Equal("work", kit.Result);
    }

    [Fact]
    public void Continue_as_new_gives_the_new_input_and_carries_over_what_nobody_took()
    {
        var kit = new ReplayKit(async (context, _) =>
        {
            await context.CallActivityAsync("A");
            context.ContinueAsNew("next");
            return "unused";
        });
        kit.Start();

        var answer = kit.Step(Raised("early", 1), Done(0), Raised("late", 2));

        var end = Assert.Single(answer.Actions).CompleteWorkflow;
        Assert.Equal(OrchestrationStatus.ContinuedAsNew, end.WorkflowStatus);
        Assert.Equal("\"next\"", end.Result);
        Assert.Equal(["early", "late"], end.CarryoverEvents.Select(happened => happened.EventRaised.Name));
    }

    [Fact]
    public void Continue_as_new_can_leave_events_behind()
    {
        var kit = new ReplayKit((context, _) =>
        {
            context.ContinueAsNew("next", preserveUnprocessedEvents: false);
            return Task.FromResult<string?>(null);
        });

        kit.Step(kit.Started(), Raised("early", 1));

        Assert.Empty(kit.End!.CarryoverEvents);
    }

    [Fact]
    public void Suspended_instance_gives_no_actions_and_goes_on_where_it_was()
    {
        var kit = new ReplayKit(async (context, _) =>
        {
            await context.CallActivityAsync("A");
            await context.CallActivityAsync("B");
            return "done";
        });
        kit.Start();

        var suspended = kit.Step(Suspended(), Done(0));
        var still = kit.Step(Raised("x"));
        var resumed = kit.Step(Resumed());
        kit.Step(Done(1));

        Assert.Empty(suspended.Actions);
        Assert.Empty(still.Actions);
        Assert.Equal("B", Assert.Single(resumed.Actions).ScheduleTask.Name);
        Assert.Equal("done", kit.Result);
    }

    [Fact]
    public void Actions_of_a_step_that_ended_suspended_come_with_the_resumption()
    {
        var kit = new ReplayKit(async (context, _) =>
        {
            await context.CallActivityAsync("A");
            await context.CallActivityAsync("B");
            return "done";
        });
        kit.Start();

        var suspended = kit.Step(Done(0), Suspended());
        var resumed = kit.Step(Resumed());
        kit.Step(Done(1));

        Assert.Empty(suspended.Actions);
        Assert.Equal("B", Assert.Single(resumed.Actions).ScheduleTask.Name);
        Assert.Equal("done", kit.Result);
    }

    [Fact]
    public void Termination_ends_with_its_own_output_even_while_suspended()
    {
        var kit = new ReplayKit(async (context, _) =>
        {
            await context.CallActivityAsync("A");
            return "done";
        });
        kit.Start();
        kit.Step(Suspended());

        var answer = kit.Step(Terminated("\"stopped\""));

        var end = Assert.Single(answer.Actions).CompleteWorkflow;
        Assert.Equal(OrchestrationStatus.Terminated, end.WorkflowStatus);
        Assert.Equal("\"stopped\"", end.Result);
    }

    [Fact]
    public void Custom_status_of_the_last_setting_is_sent()
    {
        var kit = new ReplayKit(async (context, _) =>
        {
            context.SetCustomStatus("one");
            await context.CallActivityAsync("A");
            context.SetCustomStatus(new { Step = 2 });
            await context.CallActivityAsync("B");
            return null;
        });

        Assert.Equal("\"one\"", kit.Start().CustomStatus);
        Assert.Equal("""{"step":2}""", kit.Step(Done(0)).CustomStatus);
    }

    [Fact]
    public void New_guid_is_the_same_in_replay_and_new_each_time()
    {
        var seen = new List<Guid>();
        var kit = new ReplayKit(async (context, _) =>
        {
            seen.Add(context.NewGuid());
            seen.Add(context.NewGuid());
            await context.CallActivityAsync("A");
            return null;
        });

        kit.Start();
        kit.Step(Done(0));

        Assert.Equal(2, seen.Distinct().Count());
        Assert.Equal(seen[..2], seen[2..]);
        Assert.Equal('5', seen[0].ToString()[14]);
    }

    [Fact]
    public void Sending_an_event_is_refused_because_the_engine_would_strand_the_instance()
    {
        var kit = new ReplayKit((context, _) =>
        {
            context.SendEvent("other", "e", null);
            return Task.FromResult<string?>(null);
        });

        kit.Start();

        Assert.Equal("System.NotSupportedException", kit.End!.FailureDetails.ErrorType);
    }

    [Fact]
    public void Other_app_is_named_on_the_action()
    {
        var kit = new ReplayKit(async (context, _) => await context.CallActivityAsync<string>("A", options: new WorkflowTaskOptions(TargetAppId: "wallet")));

        var action = kit.Start().Actions.Single();

        Assert.Equal("wallet", action.Router.TargetAppID);
    }
}
