using System.Threading.Channels;
using Google.Protobuf.WellKnownTypes;
using Jackpot.Dapr.Grpc;
using Jackpot.Dapr.Workflows;
using Jackpot.Dapr.Workflows.Protocol;
using Jackpot.Dapr.Tests.Grpc;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Logging;

namespace Jackpot.Dapr.Tests.Workflows;

/// <summary>
/// The engine's side of the worker protocol over real gRPC, kept in memory. One item per instance in flight; what a broken stream had is sent
/// again; timers fire after a few milliseconds whatever their instant says.
/// </summary>
sealed class StubEngine : IAsyncDisposable
{
    static readonly Empty Nothing = new();

    readonly WebApplication _app;
    readonly Lock _lock = new();
    readonly Dictionary<string, StubInstance> _instances = [];
    readonly Channel<WorkItem> _ready = Channel.CreateUnbounded<WorkItem>();

    StubEngine(WebApplication app) => _app = app;

    public Uri Address => StubSidecar.AddressOf(_app);

    /// <summary>May answer a completion with an error, before or after it was taken.</summary>
    public Func<bool> LosesCompletion { get; set; } = () => false;

    public int Streams { get; private set; }

    public int TurnsSent { get; private set; }

    public static async Task<StubEngine> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.ListenLocalhost0());
        var engine = new StubEngine(builder.Build());
        engine._app.MapGrpcUnary<Empty, Empty>(TaskHubSidecar.Hello, (_, _) => Task.FromResult(Nothing));
        engine._app.MapGrpcServerStreaming<GetWorkItemsRequest, WorkItem>(TaskHubSidecar.GetWorkItems, engine.StreamAsync);
        engine._app.MapGrpcUnary<WorkflowResponse, CompleteTaskResponse>(TaskHubSidecar.CompleteOrchestratorTask, (response, _) => engine.Complete(() => engine.Apply(response)));
        engine._app.MapGrpcUnary<ActivityResponse, CompleteTaskResponse>(TaskHubSidecar.CompleteActivityTask, (response, _) => engine.Complete(() => engine.Apply(response)));
        await engine._app.StartAsync(TestContext.Current.CancellationToken);
        return engine;
    }

    public Task<StubInstance> Start(string id, string workflow, string? input, params HistoryEvent[] also)
    {
        lock (_lock)
        {
            return StartLocked(id, workflow, input, null, also).Ended.Task;
        }
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    async Task StreamAsync(GetWorkItemsRequest request, GrpcStreamWriter<WorkItem> stream, GrpcServerCall call)
    {
        var mine = new List<WorkItem>();
        Streams++;
        try
        {
            await foreach (var item in _ready.Reader.ReadAllAsync(call.CancellationToken))
            {
                lock (_lock)
                {
                    mine.Add(item);
                    TurnsSent += item.WorkflowRequest is null ? 0 : 1;
                }

                await stream.WriteAsync(item, call.CancellationToken);
            }
        }
        finally
        {
            lock (_lock)
            {
                mine.Where(IsPending).ToList().ForEach(TakeBack);
            }
        }
    }

    bool IsPending(WorkItem item) => item.WorkflowRequest is { } turn
        ? ReferenceEquals(_instances[turn.InstanceId].Turn, item)
        : _instances[item.ActivityRequest.WorkflowInstance.InstanceId].Calls.Exists(call => ReferenceEquals(call, item));

    /// <summary>
    /// Dapr's engine gives up what a broken stream had and sends it again about a second later; a report that is still under way meanwhile meets
    /// nothing. Here it is 50 ms.
    /// </summary>
    void TakeBack(WorkItem item)
    {
        var instance = _instances[item.WorkflowRequest?.InstanceId ?? item.ActivityRequest.WorkflowInstance.InstanceId];
        if (item.WorkflowRequest is { } turn)
        {
            instance.Turn = null;
            instance.IsHeld = true;
            instance.Inbox.InsertRange(0, turn.NewEvents.Skip(1));
        }
        else
        {
            instance.Calls.Remove(item);
        }

        var generation = instance.Generation;
        _ = Task.Delay(50).ContinueWith(_ =>
        {
            lock (_lock)
            {
                SendAgain(instance, item, generation);
            }
        }, TaskScheduler.Default);
    }

    void SendAgain(StubInstance instance, WorkItem item, int generation)
    {
        if (item.ActivityRequest is null)
        {
            instance.IsHeld = false;
            Offer(instance);
        }
        else if (instance.End is null && instance.Generation == generation)
        {
            var again = item.Clone();
            instance.Calls.Add(again);
            _ready.Writer.TryWrite(again);
        }
    }

    Task<CompleteTaskResponse> Complete(Action apply)
    {
        var lost = LosesCompletion();
        if (lost && LosesCompletion())
        {
            throw new RpcException(RpcStatusCode.Unavailable, "lost before it was taken");
        }

        lock (_lock)
        {
            apply();
        }

        return lost ? throw new RpcException(RpcStatusCode.Unavailable, "lost after it was taken") : Task.FromResult(new CompleteTaskResponse());
    }

    StubInstance StartLocked(string id, string workflow, string? input, (StubInstance Instance, int Task)? parent, params HistoryEvent[] also)
    {
        var instance = new StubInstance(id) { Parent = parent };
        _instances[id] = instance;
        instance.Inbox.Add(new HistoryEvent
        {
            EventId = -1,
            ExecutionStarted = new ExecutionStartedEvent { Name = workflow, Input = input },
        });
        instance.Inbox.AddRange(also);
        Offer(instance);
        return instance;
    }

    void Apply(WorkflowResponse response)
    {
        if (!_instances.TryGetValue(response.InstanceId, out var instance) || instance.Turn is not { } turn)
        {
            throw new RpcException(RpcStatusCode.Unknown, "no such work item");
        }

        instance.Turn = null;
        instance.History.AddRange(turn.WorkflowRequest.NewEvents);
        foreach (var action in response.Actions)
        {
            Apply(instance, action);
        }

        Offer(instance);
    }

    void Apply(ActivityResponse response)
    {
        var instance = _instances[response.InstanceId];
        var call = instance.Calls.Find(item => item.ActivityRequest.TaskId == response.TaskId)
            ?? throw new RpcException(RpcStatusCode.Unknown, "no such work item");
        instance.Calls.Remove(call);
        Receive(instance, response.FailureDetails is { } failure
            ? new HistoryEvent { EventId = -1, TaskFailed = new TaskFailedEvent { TaskScheduledId = response.TaskId, FailureDetails = failure } }
            : new HistoryEvent { EventId = -1, TaskCompleted = new TaskCompletedEvent { TaskScheduledId = response.TaskId, Result = response.Result } });
    }

    void Apply(StubInstance instance, WorkflowAction action)
    {
        var happened = new HistoryEvent { EventId = action.Id, Timestamp = Timestamp.FromDateTime(DateTime.UtcNow) };
        switch (action.WorkflowActionTypeCase)
        {
            case WorkflowAction.WorkflowActionTypeOneofCase.ScheduleTask:
                happened.TaskScheduled = new TaskScheduledEvent { Name = action.ScheduleTask.Name, Input = action.ScheduleTask.Input };
                var call = new WorkItem
                {
                    ActivityRequest = new ActivityRequest
                    {
                        Name = action.ScheduleTask.Name, Input = action.ScheduleTask.Input, TaskId = action.Id,
                        TaskExecutionId = action.ScheduleTask.TaskExecutionId, WorkflowInstance = new WorkflowInstance { InstanceId = instance.Id },
                    },
                };
                instance.Calls.Add(call);
                _ready.Writer.TryWrite(call);
                break;
            case WorkflowAction.WorkflowActionTypeOneofCase.CreateTimer:
                happened.TimerCreated = new TimerCreatedEvent { FireAt = action.CreateTimer.FireAt };
                FireSoon(instance, action);
                break;
            case WorkflowAction.WorkflowActionTypeOneofCase.CreateChildWorkflow:
                var child = action.CreateChildWorkflow;
                happened.ChildWorkflowInstanceCreated = new ChildWorkflowInstanceCreatedEvent { Name = child.Name, InstanceId = child.InstanceId };
                StartLocked(child.InstanceId, child.Name, child.Input, (instance, action.Id));
                break;
            default:
                End(instance, action.CompleteWorkflow);
                return;
        }

        instance.History.Add(happened);
    }

    void FireSoon(StubInstance instance, WorkflowAction action)
    {
        if (action.CreateTimer.FireAt.Seconds > 253402300000)
        {
            return;
        }

        var generation = instance.Generation;
        _ = Task.Delay(3).ContinueWith(_ =>
        {
            lock (_lock)
            {
                if (generation == instance.Generation)
                {
                    Receive(instance, new HistoryEvent { EventId = -1, TimerFired = new TimerFiredEvent { TimerId = action.Id, FireAt = action.CreateTimer.FireAt } });
                }
            }
        }, TaskScheduler.Default);
    }

    void End(StubInstance instance, CompleteWorkflowAction end)
    {
        if (end.WorkflowStatus == OrchestrationStatus.ContinuedAsNew)
        {
            var name = instance.History.First(happened => happened.ExecutionStarted is not null).ExecutionStarted.Name;
            instance.Generation++;
            instance.History.Clear();
            instance.Calls.Clear();
            instance.Inbox.Insert(0, new HistoryEvent { EventId = -1, ExecutionStarted = new ExecutionStartedEvent { Name = name, Input = end.Result } });
            instance.Inbox.InsertRange(1, end.CarryoverEvents);
            return;
        }

        instance.End = end;
        instance.Calls.Clear();
        instance.Inbox.Clear();
        if (instance.Parent is { } parent)
        {
            Receive(parent.Instance, end.WorkflowStatus == OrchestrationStatus.Completed
                ? new HistoryEvent { EventId = -1, ChildWorkflowInstanceCompleted = new ChildWorkflowInstanceCompletedEvent { TaskScheduledId = parent.Task, Result = end.Result } }
                : new HistoryEvent { EventId = -1, ChildWorkflowInstanceFailed = new ChildWorkflowInstanceFailedEvent { TaskScheduledId = parent.Task, FailureDetails = end.FailureDetails } });
        }

        instance.Ended.TrySetResult(instance);
    }

    void Receive(StubInstance instance, HistoryEvent happened)
    {
        if (instance.End is null)
        {
            instance.Inbox.Add(happened);
            Offer(instance);
        }
    }

    void Offer(StubInstance instance)
    {
        if (instance.Turn is not null || instance.IsHeld || instance.End is not null || instance.Inbox.Count == 0)
        {
            return;
        }

        var now = Timestamp.FromDateTime(DateTime.UtcNow);
        var turn = new WorkflowRequest { InstanceId = instance.Id, PastEvents = { instance.History } };
        turn.NewEvents.Add(new HistoryEvent { EventId = -1, Timestamp = now, WorkflowStarted = new WorkflowStartedEvent() });
        instance.Inbox.ForEach(happened => happened.Timestamp ??= now);
        turn.NewEvents.AddRange(instance.Inbox);
        instance.Inbox.Clear();
        instance.Turn = new WorkItem { WorkflowRequest = turn };
        _ready.Writer.TryWrite(instance.Turn);
    }
}

sealed class StubInstance(string id)
{
    public string Id { get; } = id;

    public (StubInstance Instance, int Task)? Parent { get; init; }

    public int Generation { get; set; }

    public List<HistoryEvent> History { get; } = [];

    public List<HistoryEvent> Inbox { get; } = [];

    public WorkItem? Turn { get; set; }

    /// <summary>A turn was taken back and is not sent again yet.</summary>
    public bool IsHeld { get; set; }

    public List<WorkItem> Calls { get; } = [];

    public CompleteWorkflowAction? End { get; set; }

    public TaskCompletionSource<StubInstance> Ended { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
}
