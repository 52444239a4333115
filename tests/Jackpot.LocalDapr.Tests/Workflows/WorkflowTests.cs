using Grpc.Core;
using Dapr.DurableTask.Protobuf;
using Jackpot.LocalDapr.Tests.Running;
using Jackpot.TestKit;

namespace Jackpot.LocalDapr.Tests.Workflows;

public sealed class WorkflowTests(PostgresFixture postgres)
{
    readonly TestSidecar _app = TestSidecar.New("orders");

    [Fact]
    public async Task An_activity_runs_and_its_result_completes_the_instance()
    {
        await using var node = await StartAsync();
        await using var worker = await OneActivityAsync();
        worker.Activity = activity => activity.Input + "0";
        await worker.StartInstanceAsync("a", input: "4");
        var end = await worker.EndAsync("a");
        Assert.Equal((OrchestrationStatus.Completed, "40", "4"), (end.WorkflowStatus, end.Output, end.Input));
        Assert.Equal(HistoryEvent.EventTypeOneofCase.WorkflowStarted, worker.Turns[0].NewEvents[0].EventTypeCase);
        Assert.All(worker.Turns[0].NewEvents, e => Assert.Equal(-1, e.EventId));
        Assert.Equal(0, worker.Turns[1].PastEvents.Single(e => e.TaskScheduled is not null).EventId);
    }

    [Fact]
    public async Task An_active_id_is_refused_and_a_finished_one_may_be_used_again()
    {
        await using var node = await StartAsync();
        await using var worker = await WaitingForEventAsync();
        await worker.StartInstanceAsync("a");
        var refused = await Assert.ThrowsAsync<RpcException>(() => worker.StartInstanceAsync("a"));
        Assert.Equal((StatusCode.AlreadyExists, "an active workflow with ID 'a' already exists"), (refused.StatusCode, refused.Status.Detail));
        await worker.RaiseAsync("a", "GO", "1");
        Assert.Equal("1", (await worker.EndAsync("a")).Output);
        await worker.StartInstanceAsync("a");
        Assert.Equal(OrchestrationStatus.Running, await worker.StatusAsync("a"));
    }

    [Fact]
    public async Task Kill_9_in_the_middle_of_an_activity_redoes_it_and_the_instance_ends()
    {
        await using var node = await StartAsync();
        await using var worker = await OneActivityAsync();
        worker.Activity = _ => null;
        await worker.StartInstanceAsync("a", input: "4");
        await Eventually.TrueAsync(() => worker.Activities.Count == 1);
        worker.Activity = _ => "1";
        await node.KillAndRestartAsync();
        await Eventually.TrueAsync(async () => await worker.StatusAsync("a") == OrchestrationStatus.Completed);
        Assert.Equal(2, worker.Activities.Count);
    }

    [Fact]
    public async Task Timers_and_raised_events_survive_kill_9()
    {
        await using var node = await StartAsync();
        await using var worker = new TestWorker(_app);
        worker.Turn = (_, events) => events.Any(e => e.TimerFired is not null) && events.Any(e => e.EventRaised is not null) ? [Actions.Complete(1, null)]
            : events.Any(e => e.TimerCreated is not null) ? [] : [Actions.Timer(0, TimeSpan.FromSeconds(1))];
        await worker.StartAsync();
        await worker.StartInstanceAsync("a");
        await worker.RaiseAsync("a", "go");
        await node.KillAndRestartAsync();
        await Eventually.TrueAsync(async () => await worker.StatusAsync("a") == OrchestrationStatus.Completed);
    }

    [Fact]
    public async Task A_child_workflow_completes_its_parent()
    {
        await using var node = await StartAsync();
        await using var worker = new TestWorker(_app);
        worker.Turn = (id, events) => id == "child" ? [Actions.Complete(0, "7")]
            : events.FirstOrDefault(e => e.ChildWorkflowInstanceCompleted is not null) is { } done ? [Actions.Complete(1, done.ChildWorkflowInstanceCompleted.Result)]
            : [Actions.Child(0, "child", "Sub")];
        await worker.StartAsync();
        await worker.StartInstanceAsync("parent");
        Assert.Equal("7", (await worker.EndAsync("parent")).Output);
        Assert.Equal("parent", (await worker.EndAsync("child")).ParentInstanceId);
    }

    [Fact]
    public async Task Continue_as_new_starts_over_with_the_new_input_and_more_than_20_times()
    {
        await using var node = await StartAsync();
        await using var worker = new TestWorker(_app);
        worker.Turn = (_, events) =>
        {
            var count = int.Parse(events.Single(e => e.ExecutionStarted is not null).ExecutionStarted.Input, System.Globalization.CultureInfo.InvariantCulture);
            return [count < 50 ? Actions.Complete(0, $"{count + 1}", OrchestrationStatus.ContinuedAsNew) : Actions.Complete(0, "done")];
        };
        await worker.StartAsync();
        await worker.StartInstanceAsync("a", input: "0");
        var end = await worker.EndAsync("a");
        Assert.Equal(("done", "50"), (end.Output, end.Input));
        Assert.Equal(51, worker.Turns.Count);
        Assert.All(worker.Turns, turn => Assert.Empty(turn.PastEvents));
    }

    [Fact]
    public async Task Suspend_resume_and_terminate_show_in_the_status()
    {
        await using var node = await StartAsync();
        await using var worker = await WaitingForEventAsync();
        await worker.StartInstanceAsync("a");
        await worker.CallAsync(client => client.SuspendInstanceAsync(new SuspendRequest { InstanceId = "a" }));
        Assert.Equal(OrchestrationStatus.Suspended, await worker.StatusAsync("a"));
        await worker.CallAsync(client => client.ResumeInstanceAsync(new ResumeRequest { InstanceId = "a" }));
        Assert.Equal(OrchestrationStatus.Running, await worker.StatusAsync("a"));
        await worker.CallAsync(client => client.TerminateInstanceAsync(new TerminateRequest { InstanceId = "a", Output = "\"enough\"" }));
        var end = await worker.EndAsync("a");
        Assert.Equal((OrchestrationStatus.Terminated, "\"enough\""), (end.WorkflowStatus, end.Output));
    }

    [Fact]
    public async Task A_worker_that_goes_away_gives_its_items_back()
    {
        await using var node = await StartAsync();
        await using (var lost = await OneActivityAsync())
        {
            lost.Activity = _ => null;
            await lost.StartInstanceAsync("a", input: "4");
            await Eventually.TrueAsync(() => lost.Activities.Count == 1);
        }
        await using var worker = await OneActivityAsync();
        Assert.Equal(OrchestrationStatus.Completed, (await worker.EndAsync("a")).WorkflowStatus);
    }

    [Fact]
    public async Task A_second_result_of_an_activity_is_refused_and_changes_nothing()
    {
        await using var node = await StartAsync();
        await using var worker = await OneActivityAsync();
        worker.Activity = _ => "1";
        await worker.StartInstanceAsync("a", input: "4");
        await worker.EndAsync("a");
        await Assert.ThrowsAsync<RpcException>(() => worker.CallAsync(client => client.CompleteActivityTaskAsync(new ActivityResponse { InstanceId = "a", TaskId = 0, Result = "2" })));
        Assert.Equal("1", (await worker.EndAsync("a")).Output);
    }

    [Fact]
    public async Task An_action_the_engine_does_not_do_strands_the_instance_loudly()
    {
        await using var node = await StartAsync();
        await using var worker = new TestWorker(_app) { Turn = (_, _) => [new WorkflowAction { Id = 0, SendEvent = new() { Name = "x" } }] };
        await worker.StartAsync();
        _ = worker.StartInstanceAsync("a").ContinueWith(static hangs => hangs.Exception, TestContext.Current.CancellationToken, TaskContinuationOptions.OnlyOnFaulted, TaskScheduler.Default);
        await node.Process.PrintedAsync("Workflow a is stranded");
    }

    [Fact]
    public async Task Purge_deletes_an_ended_instance_only()
    {
        await using var node = await StartAsync();
        await using var worker = await WaitingForEventAsync();
        await worker.StartInstanceAsync("a");
        await Assert.ThrowsAsync<RpcException>(() => PurgeAsync(worker, "a"));
        await worker.RaiseAsync("a", "go");
        await worker.EndAsync("a");
        Assert.Equal(1, (await PurgeAsync(worker, "a")).DeletedInstanceCount);
        Assert.False((await worker.CallAsync(client => client.GetInstanceAsync(new GetInstanceRequest { InstanceId = "a" }))).Exists);
        var unknown = await Assert.ThrowsAsync<RpcException>(() => worker.RaiseAsync("a", "go"));
        Assert.Equal("no such instance exists", unknown.Status.Detail);
    }

    [Fact]
    public async Task A_rerun_keeps_what_came_before_and_runs_the_rest_again()
    {
        await using var node = await StartAsync();
        await using var worker = new TestWorker(_app);
        worker.Turn = (_, events) => events.Count(e => e.TaskCompleted is not null) switch
        {
            0 => events.Any(e => e.TaskScheduled is not null) ? [] : [Actions.Task(0, "First")],
            1 => events.Any(e => e.TaskScheduled?.Name == "Second") ? [] : [Actions.Task(1, "Second")],
            _ => [Actions.Complete(2, events.Last(e => e.TaskCompleted is not null).TaskCompleted.Result)],
        };
        await worker.StartAsync();
        await worker.StartInstanceAsync("a");
        await worker.EndAsync("a");
        worker.Activity = _ => "\"again\"";
        await worker.CallAsync(client => client.RerunWorkflowFromEventAsync(new RerunWorkflowFromEventRequest { SourceInstanceID = "a", EventID = 1, NewInstanceID = "b" }));
        Assert.Equal("\"again\"", (await worker.EndAsync("b")).Output);
        Assert.Equal(["First", "Second", "Second"], worker.Activities.Select(activity => activity.Name));
    }

    [Fact]
    public async Task Workflows_are_managed_over_HTTP()
    {
        await using var node = await StartAsync();
        await using var worker = await WaitingForEventAsync();
        Assert.Equal((202, """{"instanceID":"h1"}"""), await node.SendAsync(_app, "POST", "/v1.0/workflows/dapr/Flow/start?instanceID=h1", "5"));
        var (status, body) = await node.SendAsync(_app, "GET", "/v1.0/workflows/dapr/h1");
        Assert.Equal(200, status);
        Assert.Contains("\"runtimeStatus\":\"RUNNING\"", body, StringComparison.Ordinal);
        Assert.Equal(202, (await node.SendAsync(_app, "POST", "/v1.0/workflows/dapr/h1/raiseEvent/go", "1")).Status);
        await worker.EndAsync("h1");
        Assert.Equal(202, (await node.SendAsync(_app, "POST", "/v1.0/workflows/dapr/h1/purge")).Status);
        Assert.Equal(404, (await node.SendAsync(_app, "GET", "/v1.0/workflows/dapr/h1")).Status);
    }

    static Task<PurgeInstancesResponse> PurgeAsync(TestWorker worker, string id) =>
        worker.CallAsync(client => client.PurgeInstancesAsync(new PurgeInstancesRequest { InstanceId = id }));

    Task<TestWorker> OneActivityAsync() => new TestWorker(_app)
    {
        Turn = (_, events) => events.FirstOrDefault(e => e.TaskCompleted is not null) is { } done ? [Actions.Complete(1, done.TaskCompleted.Result)]
            : events.Any(e => e.TaskScheduled is not null) ? []
            : [Actions.Task(0, "Work", events.Single(e => e.ExecutionStarted is not null).ExecutionStarted.Input)],
    }.StartAsync();

    Task<TestWorker> WaitingForEventAsync() => new TestWorker(_app)
    {
        Turn = (_, events) => events.FirstOrDefault(e => e.EventRaised is not null) is { } raised ? [Actions.Complete(0, raised.EventRaised.Input)] : [],
    }.StartAsync();

    async Task<TestNode> StartAsync() => await TestNode.StartAsync(await postgres.CreateDatabaseAsync(), _app);
}
