using Jackpot.Dapr.Grpc;
using Jackpot.Dapr.Workflows.Protocol;
using Jackpot.LocalDapr.Faults;
using Jackpot.LocalDapr.Sidecars;

namespace Jackpot.LocalDapr.Workflows;

/// <summary>The service <c>/TaskHubSidecarService</c>, declared without a proto package (DAPR.md D).</summary>
static class WorkflowGrpc
{
    const string Service = "/TaskHubSidecarService/";

    public static void MapWorkflowGrpc(this IEndpointRouteBuilder routes, int bytesMax)
    {
        routes.MapGrpcUnary<Google.Protobuf.WellKnownTypes.Empty, Google.Protobuf.WellKnownTypes.Empty>(
            Service + "Hello", (_, _) => Task.FromResult(new Google.Protobuf.WellKnownTypes.Empty()), bytesMax);
        routes.MapGrpcServerStreaming<GetWorkItemsRequest, WorkItem>(Service + "GetWorkItems", WorkAsync, bytesMax);
        Map<WorkflowResponse, CompleteTaskResponse>("CompleteOrchestratorTask", CompleteWorkflow);
        Map<WorkflowResponse, CompleteTaskResponse>("CompleteWorkflowTask", CompleteWorkflow);
        Map<ActivityResponse, CompleteTaskResponse>("CompleteActivityTask", CompleteActivity);
        Map<CreateInstanceRequest, CreateInstanceResponse>("StartInstance", async (engine, request, call) =>
            new CreateInstanceResponse { InstanceId = await Manage(engine, call).StartAsync(request, call.CancellationToken) });
        Map<GetInstanceRequest, GetInstanceResponse>("GetInstance", async (engine, request, call) =>
            Found(await Manage(engine, call).FindAsync(request.InstanceId, request.GetInputsAndOutputs, call.CancellationToken)));
        Map<GetInstanceRequest, GetInstanceResponse>("WaitForInstanceStart", async (engine, request, call) => Found(await Manage(engine, call).WaitAsync(
            request.InstanceId, request.GetInputsAndOutputs, row => row.Status != OrchestrationStatus.Pending, call.CancellationToken)));
        Map<GetInstanceRequest, GetInstanceResponse>("WaitForInstanceCompletion", async (engine, request, call) => Found(await Manage(engine, call).WaitAsync(
            request.InstanceId, request.GetInputsAndOutputs, row => row.IsTerminal, call.CancellationToken)));
        Map<RaiseEventRequest, RaiseEventResponse>("RaiseEvent", async (engine, request, call) =>
        {
            await Manage(engine, call).RaiseAsync(request.InstanceId, request.Name, request.Input, call.CancellationToken);
            return new RaiseEventResponse();
        });
        Map<TerminateRequest, TerminateResponse>("TerminateInstance", async (engine, request, call) =>
        {
            await Manage(engine, call).TerminateAsync(request.InstanceId, request.Output, request.Recursive, call.CancellationToken);
            return new TerminateResponse();
        });
        Map<SuspendRequest, SuspendResponse>("SuspendInstance", async (engine, request, call) =>
        {
            await Manage(engine, call).SuspendAsync(request.InstanceId, request.Reason, call.CancellationToken);
            return new SuspendResponse();
        });
        Map<ResumeRequest, ResumeResponse>("ResumeInstance", async (engine, request, call) =>
        {
            await Manage(engine, call).ResumeAsync(request.InstanceId, request.Reason, call.CancellationToken);
            return new ResumeResponse();
        });
        Map<PurgeInstancesRequest, PurgeInstancesResponse>("PurgeInstances", PurgeAsync);
        Map<ListInstanceIDsRequest, ListInstanceIDsResponse>("ListInstanceIDs", (engine, request, call) => Manage(engine, call).ListAsync(request, call.CancellationToken));
        Map<GetInstanceHistoryRequest, GetInstanceHistoryResponse>("GetInstanceHistory", async (engine, request, call) =>
            new GetInstanceHistoryResponse { Events = { await Manage(engine, call).HistoryAsync(request.InstanceId, call.CancellationToken) } });
        Map<RerunWorkflowFromEventRequest, RerunWorkflowFromEventResponse>("RerunWorkflowFromEvent", async (engine, request, call) =>
            new RerunWorkflowFromEventResponse { NewInstanceID = await Manage(engine, call).RerunAsync(request, call.CancellationToken) });

        void Map<TRequest, TResponse>(string method, Func<WorkflowEngine, TRequest, GrpcServerCall, Task<TResponse>> handler)
            where TRequest : class, Google.Protobuf.IMessage<TRequest>, new()
            where TResponse : class, Google.Protobuf.IMessage<TResponse> =>
            routes.MapGrpcUnary<TRequest, TResponse>(Service + method, (request, call) => handler(EngineOf(call), request, call), bytesMax);
    }

    static async Task WorkAsync(GetWorkItemsRequest request, GrpcStreamWriter<WorkItem> writer, GrpcServerCall call)
    {
        var engine = EngineOf(call);
        var sidecar = call.Http.Sidecar();
        var stream = new WorkerStream(writer, sidecar.InstanceName);
        try
        {
            await engine.ConnectAsync(stream, call.CancellationToken);
            await HeldOpenAsync(sidecar, call.CancellationToken);
        }
        finally
        {
            engine.Workers.Remove(stream);
        }
    }

    /// <summary>Until the worker goes or a fault switch cuts it off.</summary>
    static async Task HeldOpenAsync(Sidecar sidecar, CancellationToken cancellation)
    {
        var cut = new TaskCompletionSource();
        void Look()
        {
            if (sidecar.Node.Faults.IsCut(sidecar.Options.AppId))
            {
                cut.TrySetResult();
            }
        }

        sidecar.Node.Faults.Changed += Look;
        try
        {
            await cut.Task.WaitAsync(cancellation);
        }
        finally
        {
            sidecar.Node.Faults.Changed -= Look;
        }
    }

    static Task<CompleteTaskResponse> CompleteWorkflow(WorkflowEngine engine, WorkflowResponse response, GrpcServerCall call) =>
        Completed(call, "workflow", () => engine.Workers.TryComplete(WorkItemKeys.Workflow(response.InstanceId), response), response.InstanceId);

    static Task<CompleteTaskResponse> CompleteActivity(WorkflowEngine engine, ActivityResponse response, GrpcServerCall call) =>
        Completed(call, "activity", () => engine.Workers.TryComplete(WorkItemKeys.Activity(response.InstanceId, response.TaskId), response), response.InstanceId);

    static Task<CompleteTaskResponse> Completed(GrpcServerCall call, string subject, Func<bool> complete, string instanceId)
    {
        var sidecar = call.Http.Sidecar();
        if (sidecar.Node.Faults.Strike(FaultKind.DropCompletion, sidecar.Options.AppId, subject) is not null)
        {
            throw new RpcException(RpcStatusCode.Unavailable, "the completion was dropped by a fault switch");
        }
        return complete() ? Task.FromResult(new CompleteTaskResponse()) : throw new RpcException(RpcStatusCode.Unknown, $"nothing of the instance '{instanceId}' waits for this completion");
    }

    static async Task<PurgeInstancesResponse> PurgeAsync(WorkflowEngine engine, PurgeInstancesRequest request, GrpcServerCall call)
    {
        if (request.RequestCase != PurgeInstancesRequest.RequestOneofCase.InstanceId)
        {
            throw new RpcException(RpcStatusCode.Unimplemented, "purging by filter is not supported; name one instance");
        }
        var deleted = await Manage(engine, call).PurgeAsync(request.InstanceId, request.Recursive, request.HasForce && request.Force, call.CancellationToken);
        return new PurgeInstancesResponse { DeletedInstanceCount = deleted, IsComplete = true };
    }

    static WorkflowManagement Manage(WorkflowEngine engine, GrpcServerCall call) => new(engine, call.Http.Sidecar().Clock);

    static WorkflowEngine EngineOf(GrpcServerCall call) =>
        call.Http.Sidecar().Workflows ?? throw new RpcException(RpcStatusCode.FailedPrecondition, "the state store is not configured to use the actor runtime");

    static GetInstanceResponse Found(Dapr.Workflows.Protocol.WorkflowState? state) =>
        state is null ? new GetInstanceResponse() : new GetInstanceResponse { Exists = true, WorkflowState = state };
}
