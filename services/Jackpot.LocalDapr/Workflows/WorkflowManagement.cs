using System.Text.RegularExpressions;
using Dapr.DurableTask.Protobuf;
using Google.Protobuf.WellKnownTypes;
using Grpc.Core;
using Jackpot.LocalDapr.Calls;

namespace Jackpot.LocalDapr.Workflows;

/// <summary>The client calls, the same for gRPC and HTTP.</summary>
sealed partial class WorkflowManagement(WorkflowEngine engine, TimeProvider clock)
{
    const int PageSizeMax = 1024;
    const string ReservedPrefix = "dapr.internal.";

    /// <summary>Returns when the instance has left PENDING, so it hangs while no worker is connected; a scheduled start returns at once.</summary>
    public async Task<string> StartAsync(CreateInstanceRequest request, CancellationToken cancellation)
    {
        if (!LegalId().IsMatch(request.InstanceId) || request.Name.StartsWith(ReservedPrefix, StringComparison.Ordinal) || request.Name.Length == 0)
        {
            throw GrpcFailure.Of(StatusCode.InvalidArgument, $"the instance id '{request.InstanceId}' or the name '{request.Name}' is not allowed");
        }
        var instance = await engine.CreateAsync(request, null, cancellation)
            ?? throw GrpcFailure.Of(StatusCode.AlreadyExists, WorkflowErrors.AlreadyExists(request.InstanceId));
        engine.Advance(instance);
        if (request.ScheduledStartTimestamp is null)
        {
            await UntilAsync(instance, row => row.Status != OrchestrationStatus.Pending, cancellation);
        }
        return request.InstanceId;
    }

    public async Task<Dapr.DurableTask.Protobuf.WorkflowState?> FindAsync(string instanceId, bool withPayloads, CancellationToken cancellation) =>
        await engine.LoadAsync(instanceId, cancellation) is { } instance ? WorkflowView.Of(instance, withPayloads) : null;

    public async Task<Dapr.DurableTask.Protobuf.WorkflowState> WaitAsync(string instanceId, bool withPayloads, Func<WorkflowRow, bool> reached, CancellationToken cancellation)
    {
        var instance = await RequiredAsync(instanceId, cancellation);
        await UntilAsync(instance, reached, cancellation);
        return WorkflowView.Of(instance, withPayloads);
    }

    public Task RaiseAsync(string instanceId, string name, string? input, CancellationToken cancellation) =>
        AddAsync(instanceId, HistoryEvents.Raised(clock.GetUtcNow(), name, input), cancellation);

    public async Task TerminateAsync(string instanceId, string? output, bool recurse, CancellationToken cancellation)
    {
        var instance = await RequiredAsync(instanceId, cancellation);
        await AddAsync(instanceId, HistoryEvents.Terminated(clock.GetUtcNow(), output, recurse), cancellation);
        await UntilAsync(instance, row => row.IsTerminal, cancellation);
    }

    public async Task SuspendAsync(string instanceId, string? reason, CancellationToken cancellation)
    {
        var instance = await RequiredAsync(instanceId, cancellation);
        await AddAsync(instanceId, HistoryEvents.Suspended(clock.GetUtcNow(), reason), cancellation);
        await UntilAsync(instance, row => row.Status == OrchestrationStatus.Suspended || row.IsTerminal, cancellation);
    }

    public async Task ResumeAsync(string instanceId, string? reason, CancellationToken cancellation)
    {
        var instance = await RequiredAsync(instanceId, cancellation);
        await AddAsync(instanceId, HistoryEvents.Resumed(clock.GetUtcNow(), reason), cancellation);
        await UntilAsync(instance, row => row.Status != OrchestrationStatus.Suspended, cancellation);
    }

    /// <summary>Deletes an instance that has ended, or by force any; answers how many went.</summary>
    public async Task<int> PurgeAsync(string instanceId, bool recurse, bool force, CancellationToken cancellation)
    {
        var instance = await RequiredAsync(instanceId, cancellation);
        if (!instance.Row.IsTerminal && !force)
        {
            throw GrpcFailure.Of(StatusCode.FailedPrecondition, WorkflowErrors.NotCompleted);
        }
        var deleted = 0;
        if (recurse)
        {
            foreach (var child in instance.History.Where(e => e.ChildWorkflowInstanceCreated is not null).Select(e => e.ChildWorkflowInstanceCreated.InstanceId))
            {
                deleted += await engine.LoadAsync(child, cancellation) is null ? 0 : await PurgeAsync(child, recurse, force, cancellation);
            }
        }
        await engine.DeleteAsync(instanceId, cancellation);
        return deleted + 1;
    }

    public async Task<ListInstanceIDsResponse> ListAsync(ListInstanceIDsRequest request, CancellationToken cancellation)
    {
        var size = request.HasPageSize && request.PageSize is > 0 and <= PageSizeMax ? (int)request.PageSize : PageSizeMax;
        var ids = await engine.Store.ListAsync(engine.Namespace, engine.AppId, request.HasContinuationToken ? request.ContinuationToken : "", size, cancellation);
        var response = new ListInstanceIDsResponse { InstanceIds = { ids } };
        if (ids.Count == size)
        {
            response.ContinuationToken = ids[^1];
        }
        return response;
    }

    public async Task<IReadOnlyList<HistoryEvent>> HistoryAsync(string instanceId, CancellationToken cancellation) =>
        [.. (await RequiredAsync(instanceId, cancellation)).History];

    /// <summary>Starts a copy of an ended instance from one of its activities, timers or children: what came before keeps its results.</summary>
    public async Task<string> RerunAsync(RerunWorkflowFromEventRequest request, CancellationToken cancellation)
    {
        var source = await RequiredAsync(request.SourceInstanceID, cancellation);
        if (!source.Row.IsTerminal)
        {
            throw GrpcFailure.Of(StatusCode.InvalidArgument, $"'{request.SourceInstanceID}' is not in a terminal state");
        }
        var newId = request.HasNewInstanceID && request.NewInstanceID.Length > 0 ? request.NewInstanceID : Guid.NewGuid().ToString();
        var history = WorkflowView.HistoryUpTo(source, request, newId)
            ?? throw GrpcFailure.Of(StatusCode.NotFound, $"'{request.SourceInstanceID}' does not have history event #{request.EventID}");
        var now = clock.GetUtcNow();
        var row = new WorkflowRow(engine.KeyOf(newId), source.Row.Name, OrchestrationStatus.Running, 0, null, now, now, 0);
        var instance = await engine.CreateAsync(row, history, cancellation)
            ?? throw GrpcFailure.Of(StatusCode.AlreadyExists, WorkflowErrors.AlreadyExists(newId));
        engine.Advance(instance);
        return newId;
    }

    async Task<WorkflowInstance> RequiredAsync(string instanceId, CancellationToken cancellation) =>
        await engine.LoadAsync(instanceId, cancellation) ?? throw GrpcFailure.Of(StatusCode.Unknown, WorkflowErrors.NoSuchInstance);

    async Task AddAsync(string instanceId, HistoryEvent e, CancellationToken cancellation)
    {
        if (!await engine.AddEventAsync(instanceId, e, null, cancellation))
        {
            throw GrpcFailure.Of(StatusCode.Unknown, WorkflowErrors.NoSuchInstance);
        }
    }

    static async Task UntilAsync(WorkflowInstance instance, Func<WorkflowRow, bool> reached, CancellationToken cancellation)
    {
        while (true)
        {
            var changed = instance.Changed;
            if (reached(instance.Row))
            {
                return;
            }
            if (instance.IsGone)
            {
                throw GrpcFailure.Of(StatusCode.Unknown, WorkflowErrors.NoSuchInstance);
            }
            await changed.WaitAsync(cancellation);
        }
    }

    [GeneratedRegex("^[^|/]{1,256}$")]
    private static partial Regex LegalId();
}
