using Google.Protobuf;
using Jackpot.Dapr.Conformance.Running;
using Jackpot.Dapr.Grpc;
using Jackpot.Dapr.Workflows;
using Jackpot.Dapr.Workflows.Protocol;

namespace Jackpot.Dapr.Conformance.Workflows;

/// <summary>The management calls of the workflow service, in the words of the cases.</summary>
static class WorkflowBench
{
    static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    public static Task<TResponse> Call<TRequest, TResponse>(this Bench b, string path, TRequest request)
        where TRequest : class, IMessage<TRequest>
        where TResponse : class, IMessage<TResponse>, new() =>
        b.Grpc.UnaryAsync<TRequest, TResponse>(path, request, Patience);

    public static async Task<string> StartWorkflow(this Bench b, string name, object? input, string? id = null)
    {
        var instance = id ?? b.NewName("wf");
        await b.Call<CreateInstanceRequest, CreateInstanceResponse>(
            TaskHubSidecar.StartInstance, new() { InstanceId = instance, Name = name, Input = Bench.Json(input) });
        return instance;
    }

    public static async Task<Jackpot.Dapr.Workflows.Protocol.WorkflowState> Ended(this Bench b, string id) =>
        (await b.Call<GetInstanceRequest, GetInstanceResponse>(
            TaskHubSidecar.WaitForInstanceCompletion, new() { InstanceId = id, GetInputsAndOutputs = true })).WorkflowState;

    public static Task<GetInstanceResponse> Read(this Bench b, string id, bool inputs = true) =>
        b.Call<GetInstanceRequest, GetInstanceResponse>(TaskHubSidecar.GetInstance, new() { InstanceId = id, GetInputsAndOutputs = inputs });

    public static Task RaiseEvent(this Bench b, string id, string name, object? payload) =>
        b.Call<RaiseEventRequest, RaiseEventResponse>(TaskHubSidecar.RaiseEvent, new() { InstanceId = id, Name = name, Input = Bench.Json(payload) });

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
