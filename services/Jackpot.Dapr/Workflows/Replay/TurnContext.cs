using System.Globalization;
using System.Text.Json;
using Google.Protobuf.WellKnownTypes;
using Jackpot.Dapr.Workflows.Protocol;
using Microsoft.Extensions.Logging;

namespace Jackpot.Dapr.Workflows.Replay;

/// <summary>
/// The context of one replay. Workflow code runs on the thread of the replay only: its awaits are completed there, one after the other, and so
/// it takes the same way every time.
/// </summary>
internal sealed class TurnContext(WorkflowRequest request, JsonSerializerOptions json, ILoggerFactory loggers) : WorkflowContext
{
    readonly int _thread = Environment.CurrentManagedThreadId;
    DateTime _now;
    string _name = "";
    bool _replaying = true;
    int _guids;

    public override string Name => _name;

    public override string InstanceId => request.InstanceId;

    public override DateTime CurrentUtcDateTime => OnTurnThread()._now;

    public override bool IsReplaying => OnTurnThread()._replaying;

    public ActionLedger Actions { get; } = new();

    public EventInbox Inbox { get; } = new();

    public Patches Patches { get; } = new(request);

    public string? CustomStatus { get; private set; }

    public ContinuedAsNew? Continuation { get; private set; }

    /// <summary>True while code waits for something that can come.</summary>
    public bool AnythingAwaited => Actions.AnythingOpen || Inbox.AnyWait;

    public void StartStep(DateTime now, bool replaying)
    {
        _now = now;
        _replaying = replaying;
    }

    public void StartExecution(string name) => _name = name;

    public override bool IsPatched(string patchName) => OnTurnThread().Patches.Decide(patchName, _replaying);

    public override Task<T> CallActivityAsync<T>(string name, object? input = null, WorkflowTaskOptions? options = null)
    {
        var executionId = OnTurnThread().NextGuid("task").ToString();
        return new RetriedCall<T>(this, options?.RetryPolicy)
        {
            NewAction = () => new WorkflowAction
            {
                ScheduleTask = new ScheduleTaskAction { Name = name, Input = WorkflowJson.Write(input, json), TaskExecutionId = executionId },
                Router = RouterTo(options?.TargetAppId),
            },
            NewPause = () => new CreateTimerAction { ActivityRetry = new TimerOriginActivityRetry { TaskExecutionId = executionId } },
            Describe = $"Activity '{name}'",
        }.RunAsync(json);
    }

    public override Task<T> CallChildWorkflowAsync<T>(string workflowName, object? input = null, ChildWorkflowTaskOptions? options = null)
    {
        var instanceId = options?.InstanceId ?? OnTurnThread().NextGuid("child").ToString("N");
        return new RetriedCall<T>(this, options?.RetryPolicy)
        {
            NewAction = () => new WorkflowAction
            {
                CreateChildWorkflow = new CreateChildWorkflowAction { Name = workflowName, InstanceId = instanceId, Input = WorkflowJson.Write(input, json) },
                Router = RouterTo(options?.TargetAppId),
            },
            NewPause = () => new CreateTimerAction { ChildWorkflowRetry = new TimerOriginChildWorkflowRetry { InstanceId = instanceId } },
            Describe = $"Child workflow '{workflowName}'",
        }.RunAsync(json);
    }

    public override Task CreateTimer(DateTime fireAt, CancellationToken cancellationToken) =>
        StartTimer(new CreateTimerAction { FireAt = ToTimestamp(fireAt), CreateTimer = new TimerOriginCreateTimer() }, cancellationToken);

    public Task StartTimer(CreateTimerAction timer, CancellationToken cancellationToken)
    {
        var done = new TaskCompletionSource();
        var open = OnTurnThread().Actions.Add(new WorkflowAction { CreateTimer = timer }, new OpenTask { Complete = _ => done.TrySetResult() });
        cancellationToken.Register(() =>
        {
            Actions.Forget(open);
            done.TrySetCanceled(cancellationToken);
        });
        return done.Task;
    }

    public override Task<T> WaitForExternalEventAsync<T>(string eventName, CancellationToken cancellationToken = default) =>
        WaitAsync<T>(eventName, ActionLedger.Endless, cancellationToken);

    public override Task<T> WaitForExternalEventAsync<T>(string eventName, TimeSpan timeout)
    {
        if (timeout == Timeout.InfiniteTimeSpan)
        {
            return WaitForExternalEventAsync<T>(eventName);
        }

        return WaitAsync<T>(eventName, timeout <= TimeSpan.Zero ? null : ToTimestamp(CurrentUtcDateTime + timeout), CancellationToken.None);
    }

    public override void SetCustomStatus(object? customStatus) => OnTurnThread().CustomStatus = WorkflowJson.Write(customStatus, json);

    public override void ContinueAsNew(object? newInput = null, bool preserveUnprocessedEvents = true) =>
        OnTurnThread().Continuation = new ContinuedAsNew(WorkflowJson.Write(newInput, json), preserveUnprocessedEvents);

    public override ILogger CreateReplaySafeLogger(string categoryName) => new ReplaySafeLogger(this, loggers.CreateLogger(categoryName));

    public override Guid NewGuid() => OnTurnThread().NextGuid("guid");

    public static Timestamp ToTimestamp(DateTime time) =>
        Timestamp.FromDateTime(time.Kind == DateTimeKind.Unspecified ? DateTime.SpecifyKind(time, DateTimeKind.Utc) : time.ToUniversalTime());

    /// <summary>The time of the step is part of the name, so that an instance that continues as new gets other ids.</summary>
    Guid NextGuid(string use) => DeterministicGuid.Of(string.Create(CultureInfo.InvariantCulture, $"{use}_{InstanceId}_{_now:O}_{_guids++}"));

    Task<T> WaitAsync<T>(string eventName, Timestamp? until, CancellationToken cancellationToken)
    {
        if (OnTurnThread().Inbox.TryTake(eventName, out var input))
        {
            return Task.FromResult(WorkflowJson.Read<T>(input, json));
        }

        var done = new TaskCompletionSource<T>();
        if (until is null)
        {
            done.SetCanceled(CancellationToken.None);
            return done.Task;
        }

        OpenTask? timer = null;
        var wait = new EventWait(eventName, raised =>
        {
            Actions.Forget(timer!);
            Finish(done, raised);
        });
        timer = Actions.Add(
            new WorkflowAction { CreateTimer = new CreateTimerAction { FireAt = until, Name = eventName, ExternalEvent = new TimerOriginExternalEvent { Name = eventName } } },
            new OpenTask { Complete = _ => GiveUp(wait, done) });
        Inbox.Add(wait);
        cancellationToken.Register(() =>
        {
            Actions.Forget(timer);
            GiveUp(wait, done);
        });
        return done.Task;
    }

    void GiveUp<T>(EventWait wait, TaskCompletionSource<T> done)
    {
        if (Inbox.Remove(wait))
        {
            done.TrySetCanceled();
        }
    }

    void Finish<T>(TaskCompletionSource<T> done, string? input)
    {
        T value;
        try
        {
            value = WorkflowJson.Read<T>(input, json);
        }
        catch (JsonException unreadable)
        {
            done.TrySetException(unreadable);
            return;
        }

        done.TrySetResult(value);
    }

    TaskRouter? RouterTo(string? appId) =>
        appId is null ? null : new TaskRouter { SourceAppID = request.Router?.SourceAppID ?? "", TargetAppID = appId };

    TurnContext OnTurnThread() => Environment.CurrentManagedThreadId == _thread
        ? this
        : throw new InvalidOperationException(
            $"Workflow '{_name}' uses its context outside of its own steps. It may await only tasks of the context; move I/O, Task.Delay and Task.Run into an activity.");
}

/// <summary>The workflow shall start over.</summary>
internal sealed record ContinuedAsNew(string? Input, bool PreserveUnprocessedEvents);
