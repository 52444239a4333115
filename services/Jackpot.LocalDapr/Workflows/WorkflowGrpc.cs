using Dapr.DurableTask.Protobuf;
using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using Grpc.Core;
using Jackpot.LocalDapr.Calls;
using Jackpot.LocalDapr.Faults;
using Jackpot.LocalDapr.Sidecars;

namespace Jackpot.LocalDapr.Workflows;

/// <summary>The service <c>/TaskHubSidecarService</c>, declared without a proto package.</summary>
static class WorkflowGrpc
{
    public static void BindWorkflows(this MethodBinder methods)
    {
        methods.Unary<Empty, Empty>("Hello", (_, _, _) => Task.FromResult(new Empty()));
        methods.ServerStreaming<GetWorkItemsRequest, WorkItem>("GetWorkItems", WorkAsync);
        methods.Unary<WorkflowResponse, CompleteTaskResponse>("CompleteOrchestratorTask", CompleteWorkflow);
        methods.Unary<WorkflowResponse, CompleteTaskResponse>("CompleteWorkflowTask", CompleteWorkflow);
        methods.Unary<ActivityResponse, CompleteTaskResponse>("CompleteActivityTask", CompleteActivity);
        Map<CreateInstanceRequest, CreateInstanceResponse>("StartInstance", async (manage, request, token) =>
            new() { InstanceId = await manage.StartAsync(request, token) });
        Map<GetInstanceRequest, GetInstanceResponse>("GetInstance", async (manage, request, token) =>
            Found(await manage.FindAsync(request.InstanceId, request.GetInputsAndOutputs, token)));
        Map<GetInstanceRequest, GetInstanceResponse>("WaitForInstanceStart", async (manage, request, token) =>
            Found(await manage.WaitAsync(request.InstanceId, request.GetInputsAndOutputs, row => row.Status != OrchestrationStatus.Pending, token)));
        Map<GetInstanceRequest, GetInstanceResponse>("WaitForInstanceCompletion", async (manage, request, token) =>
            Found(await manage.WaitAsync(request.InstanceId, request.GetInputsAndOutputs, row => row.IsTerminal, token)));
        Map<RaiseEventRequest, RaiseEventResponse>("RaiseEvent", async (manage, request, token) =>
        {
            await manage.RaiseAsync(request.InstanceId, request.Name, request.Input, token);
            return new();
        });
        Map<TerminateRequest, TerminateResponse>("TerminateInstance", async (manage, request, token) =>
        {
            await manage.TerminateAsync(request.InstanceId, request.Output, request.Recursive, token);
            return new();
        });
        Map<SuspendRequest, SuspendResponse>("SuspendInstance", async (manage, request, token) =>
        {
            await manage.SuspendAsync(request.InstanceId, request.Reason, token);
            return new();
        });
        Map<ResumeRequest, ResumeResponse>("ResumeInstance", async (manage, request, token) =>
        {
            await manage.ResumeAsync(request.InstanceId, request.Reason, token);
            return new();
        });
        Map<PurgeInstancesRequest, PurgeInstancesResponse>("PurgeInstances", PurgeAsync);
        Map<ListInstanceIDsRequest, ListInstanceIDsResponse>("ListInstanceIDs", (manage, request, token) => manage.ListAsync(request, token));
        Map<GetInstanceHistoryRequest, GetInstanceHistoryResponse>("GetInstanceHistory", async (manage, request, token) =>
            new() { Events = { await manage.HistoryAsync(request.InstanceId, token) } });
        Map<RerunWorkflowFromEventRequest, RerunWorkflowFromEventResponse>("RerunWorkflowFromEvent", async (manage, request, token) =>
            new() { NewInstanceID = await manage.RerunAsync(request, token) });

        void Map<TRequest, TResponse>(string method, Func<WorkflowManagement, TRequest, CancellationToken, Task<TResponse>> handler)
            where TRequest : class, IMessage<TRequest>, new()
            where TResponse : class, IMessage<TResponse>, new() =>
            methods.Unary<TRequest, TResponse>(method, (sidecar, request, call) =>
                handler(new WorkflowManagement(EngineOf(sidecar), sidecar.Clock), request, call.CancellationToken));
    }

    static async Task WorkAsync(Sidecar sidecar, GetWorkItemsRequest request, IServerStreamWriter<WorkItem> writer, ServerCallContext call)
    {
        var engine = EngineOf(sidecar);
        // A worker waits for the headers before it counts itself connected.
        await call.WriteResponseHeadersAsync([]);
        var stream = new WorkerStream(writer, sidecar.InstanceName);
        try
        {
            await engine.ConnectAsync(stream, call.CancellationToken);
            await HeldOpenAsync(sidecar, engine.Workers, stream, call.CancellationToken);
        }
        finally
        {
            engine.Workers.Remove(stream);
        }
    }

    /// <summary>Until the worker goes or a fault switch cuts it off. A switch that was thrown while it was open may stall it.</summary>
    static async Task HeldOpenAsync(Sidecar sidecar, WorkerPool workers, WorkerStream stream, CancellationToken cancellation)
    {
        var (app, faults) = (sidecar.Options.AppId, sidecar.Node.Faults);
        var cut = new TaskCompletionSource();
        var before = faults.Newest(FaultKind.StallWorkflows, app);
        void Look()
        {
            if (faults.IsCut(app))
            {
                cut.TrySetResult();
            }

            if (faults.Newest(FaultKind.StallWorkflows, app) > before)
            {
                workers.Stall(stream);
            }
        }

        faults.Changed += Look;
        try
        {
            await cut.Task.WaitAsync(cancellation);
        }
        finally
        {
            faults.Changed -= Look;
        }
    }

    static Task<CompleteTaskResponse> CompleteWorkflow(Sidecar sidecar, WorkflowResponse response, ServerCallContext call) =>
        Completed(sidecar, "workflow", engine => engine.Workers.TryComplete(WorkItemKeys.Workflow(response.InstanceId), response), response.InstanceId);

    static Task<CompleteTaskResponse> CompleteActivity(Sidecar sidecar, ActivityResponse response, ServerCallContext call) =>
        Completed(sidecar, "activity", engine => engine.Workers.TryComplete(WorkItemKeys.Activity(response.InstanceId, response.TaskId), response), response.InstanceId);

    static Task<CompleteTaskResponse> Completed(Sidecar sidecar, string subject, Func<WorkflowEngine, bool> complete, string instanceId) =>
        sidecar.Node.Faults.Strike(FaultKind.DropCompletion, sidecar.Options.AppId, subject) is not null
            ? throw GrpcFailure.Of(StatusCode.Unavailable, "the completion was dropped by a fault switch")
            : complete(EngineOf(sidecar))
            ? Task.FromResult(new CompleteTaskResponse())
            : throw GrpcFailure.Of(StatusCode.Unknown, $"nothing of the instance '{instanceId}' waits for this completion");

    static async Task<PurgeInstancesResponse> PurgeAsync(WorkflowManagement manage, PurgeInstancesRequest request, CancellationToken cancellation)
    {
        if (request.RequestCase != PurgeInstancesRequest.RequestOneofCase.InstanceId)
        {
            throw GrpcFailure.Of(StatusCode.Unimplemented, "purging by filter is not supported; name one instance");
        }
        var deleted = await manage.PurgeAsync(request.InstanceId, request.Recursive, request.HasForce && request.Force, cancellation);
        return new PurgeInstancesResponse { DeletedInstanceCount = deleted, IsComplete = true };
    }

    static WorkflowEngine EngineOf(Sidecar sidecar) =>
        sidecar.Workflows ?? throw GrpcFailure.Of(StatusCode.FailedPrecondition, "the state store is not configured to use the actor runtime");

    static GetInstanceResponse Found(WorkflowState? state) =>
        state is null ? new GetInstanceResponse() : new GetInstanceResponse { Exists = true, WorkflowState = state };
}
