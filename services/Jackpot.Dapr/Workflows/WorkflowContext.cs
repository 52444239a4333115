using Microsoft.Extensions.Logging;

namespace Jackpot.Dapr.Workflows;

/// <summary>Everything a workflow may use. Its tasks are durable: a process may die while they are awaited and another goes on.</summary>
public abstract class WorkflowContext
{
    /// <summary>Name of the workflow.</summary>
    public abstract string Name { get; }

    /// <summary>Id of this instance.</summary>
    public abstract string InstanceId { get; }

    /// <summary>The time of this step, the same in every replay.</summary>
    public abstract DateTime CurrentUtcDateTime { get; }

    /// <summary>True while the code runs through what has happened already.</summary>
    public abstract bool IsReplaying { get; }

    /// <summary>
    /// Whether this instance shall take the new way at a place where the code was changed: true for instances that reach the place after the
    /// change, false for those that had passed it before; decided once per instance and name.
    /// </summary>
    public abstract bool IsPatched(string patchName);

    /// <summary>Calls an activity for its effect.</summary>
    /// <exception cref="WorkflowTaskFailedException">It failed, and its retries are used up.</exception>
    public Task CallActivityAsync(string name, object? input = null, WorkflowTaskOptions? options = null) => CallActivityAsync<object?>(name, input, options);

    /// <summary>Calls an activity for its result.</summary>
    /// <exception cref="WorkflowTaskFailedException">It failed, and its retries are used up.</exception>
    public abstract Task<T> CallActivityAsync<T>(string name, object? input = null, WorkflowTaskOptions? options = null);

    /// <summary>Waits durably.</summary>
    public Task CreateTimer(TimeSpan delay, CancellationToken cancellationToken = default) => CreateTimer(CurrentUtcDateTime + delay, cancellationToken);

    /// <summary>Waits durably until an instant (UTC). Cancelling ends the wait with <see cref="TaskCanceledException"/>.</summary>
    public abstract Task CreateTimer(DateTime fireAt, CancellationToken cancellationToken);

    /// <summary>Waits for an event of this name, compared without case. Events that came before are kept in order and taken first.</summary>
    public abstract Task<T> WaitForExternalEventAsync<T>(string eventName, CancellationToken cancellationToken = default);

    /// <summary>Waits for an event, but not longer than this.</summary>
    /// <exception cref="TaskCanceledException">The time ran out. A timeout of zero takes only an event that is there already.</exception>
    public abstract Task<T> WaitForExternalEventAsync<T>(string eventName, TimeSpan timeout);

    /// <summary>Not to be had: Dapr's engine does not carry it out and strands the instance. Let an activity call <see cref="DaprWorkflowClient.RaiseEventAsync"/>.</summary>
    /// <exception cref="NotSupportedException">Always.</exception>
    public void SendEvent(string instanceId, string eventName, object? payload) =>
        throw new NotSupportedException("Dapr's workflow engine does not send events from a workflow; call an activity that uses DaprWorkflowClient.RaiseEventAsync.");

    /// <summary>Sets what a reader of the instance sees as its custom status.</summary>
    public abstract void SetCustomStatus(object? customStatus);

    /// <summary>Starts this instance over with a new input and an empty history as soon as the workflow returns.</summary>
    /// <param name="newInput">Input of the next run.</param>
    /// <param name="preserveUnprocessedEvents">Whether events that nobody waited for stay.</param>
    public abstract void ContinueAsNew(object? newInput = null, bool preserveUnprocessedEvents = true);

    /// <summary>Runs another workflow as a part of this one.</summary>
    /// <exception cref="WorkflowTaskFailedException">It failed, and its retries are used up.</exception>
    public Task CallChildWorkflowAsync(string workflowName, object? input = null, ChildWorkflowTaskOptions? options = null) =>
        CallChildWorkflowAsync<object?>(workflowName, input, options);

    /// <summary>Runs another workflow as a part of this one and gives back its result.</summary>
    /// <exception cref="WorkflowTaskFailedException">It failed, and its retries are used up.</exception>
    public abstract Task<T> CallChildWorkflowAsync<T>(string workflowName, object? input = null, ChildWorkflowTaskOptions? options = null);

    /// <summary>A logger that is silent while replaying.</summary>
    public abstract ILogger CreateReplaySafeLogger(string categoryName);

    /// <summary>A logger that is silent while replaying.</summary>
    public ILogger CreateReplaySafeLogger(Type type) => CreateReplaySafeLogger(type.FullName ?? type.Name);

    /// <summary>A logger that is silent while replaying.</summary>
    public ILogger CreateReplaySafeLogger<T>() => CreateReplaySafeLogger(typeof(T));

    /// <summary>A new id, the same in every replay.</summary>
    public abstract Guid NewGuid();
}
