using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using Jackpot.Dapr.Grpc;
using Jackpot.Dapr.Workflows.Protocol;
using Jackpot.Dapr.Workflows.Worker;

namespace Jackpot.Dapr.Workflows;

/// <summary>
/// Starts and steers workflows. Failures are <see cref="RpcException"/>: AlreadyExists for an id that is active, DeadlineExceeded and
/// Unavailable (unless nothing was sent) for calls in doubt.
/// </summary>
public sealed class DaprWorkflowClient
{
    static readonly TimeSpan StartDeadline = TimeSpan.FromSeconds(30);

    readonly WorkflowChannel _channel;
    readonly WorkflowRuntimeOptions _options;

    internal DaprWorkflowClient(WorkflowChannel channel, WorkflowRuntimeOptions options)
    {
        _channel = channel;
        _options = options;
    }

    /// <summary>
    /// Starts an instance and gives back its id. The sidecar answers when the instance has left PENDING, which needs a connected worker; after 30 s
    /// the call is in doubt. With a start time it answers at once.
    /// </summary>
    /// <param name="name">The workflow's registered name.</param>
    /// <param name="instanceId">Unique among active instances; null for a random one.</param>
    /// <param name="input">Input, written as JSON.</param>
    /// <param name="startTime">Earliest start; null for now.</param>
    /// <param name="cancellationToken">Gives the call up; the instance may have been started.</param>
    public async Task<string> ScheduleNewWorkflowAsync(
        string name, string? instanceId = null, object? input = null, DateTimeOffset? startTime = null, CancellationToken cancellationToken = default)
    {
        var request = new CreateInstanceRequest
        {
            Name = name,
            InstanceId = instanceId ?? Guid.NewGuid().ToString("N"),
            Input = WorkflowJson.Write(input, _options.JsonSerializerOptions),
            ScheduledStartTimestamp = startTime is { } time ? Timestamp.FromDateTimeOffset(time) : null,
        };
        return (await CallAsync<CreateInstanceRequest, CreateInstanceResponse>(TaskHubSidecar.StartInstance, request, StartDeadline, cancellationToken)).InstanceId;
    }

    /// <summary>Reads an instance. One that does not exist has <see cref="WorkflowState.Exists"/> false.</summary>
    public Task<WorkflowState> GetWorkflowStateAsync(string instanceId, bool getInputsAndOutputs = true, CancellationToken cancellationToken = default) =>
        ReadAsync(TaskHubSidecar.GetInstance, instanceId, getInputsAndOutputs, null, cancellationToken);

    /// <summary>Waits, without a limit of its own, until the instance has started.</summary>
    public Task<WorkflowState> WaitForWorkflowStartAsync(string instanceId, bool getInputsAndOutputs = true, CancellationToken cancellationToken = default) =>
        ReadAsync(TaskHubSidecar.WaitForInstanceStart, instanceId, getInputsAndOutputs, Timeout.InfiniteTimeSpan, cancellationToken);

    /// <summary>Waits, without a limit of its own, until the instance has ended.</summary>
    public Task<WorkflowState> WaitForWorkflowCompletionAsync(string instanceId, bool getInputsAndOutputs = true, CancellationToken cancellationToken = default) =>
        ReadAsync(TaskHubSidecar.WaitForInstanceCompletion, instanceId, getInputsAndOutputs, Timeout.InfiniteTimeSpan, cancellationToken);

    /// <summary>Raises an event to an instance. It is delivered at least once.</summary>
    public Task RaiseEventAsync(string instanceId, string eventName, object? eventPayload = null, CancellationToken cancellationToken = default) =>
        CallAsync<RaiseEventRequest, RaiseEventResponse>(
            TaskHubSidecar.RaiseEvent,
            new() { InstanceId = instanceId, Name = eventName, Input = WorkflowJson.Write(eventPayload, _options.JsonSerializerOptions) },
            null,
            cancellationToken);

    /// <summary>Ends an instance and its children; answers when that is done.</summary>
    public Task TerminateWorkflowAsync(string instanceId, object? output = null, CancellationToken cancellationToken = default) =>
        CallAsync<TerminateRequest, TerminateResponse>(
            TaskHubSidecar.TerminateInstance,
            new() { InstanceId = instanceId, Output = WorkflowJson.Write(output, _options.JsonSerializerOptions), Recursive = true },
            null,
            cancellationToken);

    /// <summary>Holds an instance; answers when its status shows it.</summary>
    public Task SuspendWorkflowAsync(string instanceId, string? reason = null, CancellationToken cancellationToken = default) =>
        CallAsync<SuspendRequest, SuspendResponse>(TaskHubSidecar.SuspendInstance, new() { InstanceId = instanceId, Reason = reason }, null, cancellationToken);

    /// <summary>Lets a held instance go on.</summary>
    public Task ResumeWorkflowAsync(string instanceId, string? reason = null, CancellationToken cancellationToken = default) =>
        CallAsync<ResumeRequest, ResumeResponse>(TaskHubSidecar.ResumeInstance, new() { InstanceId = instanceId, Reason = reason }, null, cancellationToken);

    /// <summary>Deletes what is stored of an ended instance and its children. False when there was nothing.</summary>
    /// <exception cref="RpcException">The instance has not ended.</exception>
    public async Task<bool> PurgeInstanceAsync(string instanceId, CancellationToken cancellationToken = default) =>
        (await CallAsync<PurgeInstancesRequest, PurgeInstancesResponse>(
            TaskHubSidecar.PurgeInstances, new() { InstanceId = instanceId, Recursive = true }, null, cancellationToken)).DeletedInstanceCount > 0;

    /// <summary>Lists instance ids, page by page. Dapr 1.18 and later.</summary>
    public async Task<(IReadOnlyList<string> InstanceIds, string? ContinuationToken)> ListInstanceIdsAsync(
        string? continuationToken = null, int? pageSize = null, CancellationToken cancellationToken = default)
    {
        var request = new ListInstanceIDsRequest();
        if (continuationToken is not null)
        {
            request.ContinuationToken = continuationToken;
        }

        if (pageSize is { } size)
        {
            request.PageSize = (uint)size;
        }

        var page = await CallAsync<ListInstanceIDsRequest, ListInstanceIDsResponse>(TaskHubSidecar.ListInstanceIDs, request, null, cancellationToken);
        return (page.InstanceIds, page.HasContinuationToken && page.ContinuationToken.Length > 0 ? page.ContinuationToken : null);
    }

    /// <summary>Reads the history of an instance. Dapr 1.18 and later.</summary>
    public async Task<IReadOnlyList<HistoryEvent>> GetInstanceHistoryAsync(string instanceId, CancellationToken cancellationToken = default) =>
        (await CallAsync<GetInstanceHistoryRequest, GetInstanceHistoryResponse>(
            TaskHubSidecar.GetInstanceHistory, new() { InstanceId = instanceId }, null, cancellationToken)).Events;

    /// <summary>Starts a copy of an ended instance that goes on from one of its events.</summary>
    /// <param name="sourceInstanceId">The ended instance.</param>
    /// <param name="eventId">The event to go on from.</param>
    /// <param name="newInstanceId">Id of the copy; null for a random one.</param>
    /// <param name="cancellationToken">Gives the call up.</param>
    public async Task<string> RerunWorkflowFromEventAsync(string sourceInstanceId, uint eventId, string? newInstanceId = null, CancellationToken cancellationToken = default)
    {
        var request = new RerunWorkflowFromEventRequest { SourceInstanceID = sourceInstanceId, EventID = eventId };
        if (newInstanceId is not null)
        {
            request.NewInstanceID = newInstanceId;
        }

        return (await CallAsync<RerunWorkflowFromEventRequest, RerunWorkflowFromEventResponse>(
            TaskHubSidecar.RerunWorkflowFromEvent, request, null, cancellationToken)).NewInstanceID;
    }

    async Task<WorkflowState> ReadAsync(string path, string instanceId, bool getInputsAndOutputs, TimeSpan? deadline, CancellationToken cancellationToken)
    {
        var answer = await CallAsync<GetInstanceRequest, GetInstanceResponse>(
            path, new() { InstanceId = instanceId, GetInputsAndOutputs = getInputsAndOutputs }, deadline, cancellationToken);
        return new WorkflowState(answer.Exists ? answer.WorkflowState : null, _options.JsonSerializerOptions);
    }

    Task<TResponse> CallAsync<TRequest, TResponse>(string path, TRequest request, TimeSpan? deadline, CancellationToken cancellationToken)
        where TRequest : class, IMessage<TRequest>
        where TResponse : class, IMessage<TResponse>, new() =>
        _channel.Grpc.UnaryAsync<TRequest, TResponse>(path, request, deadline, cancellationToken);
}
