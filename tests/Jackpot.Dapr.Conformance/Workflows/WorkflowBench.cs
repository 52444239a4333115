using Dapr.DurableTask.Protobuf;
using Grpc.Core;
using Jackpot.Dapr.Conformance.Running;

namespace Jackpot.Dapr.Conformance.Workflows;

/// <summary>The management calls of the workflow service, in the words of the cases.</summary>
static class WorkflowBench
{
    static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    public static Task<TResponse> Call<TResponse>(this Bench b, Func<TaskHubSidecarService.TaskHubSidecarServiceClient, CallOptions, AsyncUnaryCall<TResponse>> call) =>
        call(b.Workflows, new CallOptions(deadline: DateTime.UtcNow + Patience)).ResponseAsync;

    public static Task CallUnknownMethod(this Bench b)
    {
        var bytes = Marshallers.Create(text => text, text => text);
        var method = new Method<byte[], byte[]>(MethodType.Unary, "TaskHubSidecarService", "NoSuchMethod", bytes, bytes);
        return b.Grpc.AsyncUnaryCall(method, null, new CallOptions(deadline: DateTime.UtcNow + Patience), []).ResponseAsync;
    }

    public static async Task<string> StartWorkflow(this Bench b, string name, object? input, string? id = null)
    {
        var instance = id ?? b.NewName("wf");
        await b.Call((calls, options) => calls.StartInstanceAsync(new CreateInstanceRequest { InstanceId = instance, Name = name, Input = Bench.Json(input) }, options));
        return instance;
    }

    public static async Task<WorkflowState> Ended(this Bench b, string id) =>
        (await b.Call((calls, options) => calls.WaitForInstanceCompletionAsync(new GetInstanceRequest { InstanceId = id, GetInputsAndOutputs = true }, options))).WorkflowState;

    public static Task<GetInstanceResponse> Read(this Bench b, string id, bool inputs = true) =>
        b.Call((calls, options) => calls.GetInstanceAsync(new GetInstanceRequest { InstanceId = id, GetInputsAndOutputs = inputs }, options));

    public static Task RaiseEvent(this Bench b, string id, string name, object? payload) =>
        b.Call((calls, options) => calls.RaiseEventAsync(new RaiseEventRequest { InstanceId = id, Name = name, Input = Bench.Json(payload) }, options));

    public static async Task Has(this Bench b, string id, OrchestrationStatus status) => await Expect.Eventually(
        async () => (await b.Read(id)).WorkflowState?.WorkflowStatus == status, $"workflow {id} does not become {status}");

    public static async Task<RpcException> Refused(Func<Task> call)
    {
        try
        {
            await call();
        }
        catch (RpcException refused)
        {
            return refused;
        }

        throw new ConformanceFailure("The call was expected to be refused and was not.");
    }
}
