using System.Collections.Concurrent;
using Dapr.DurableTask.Protobuf;
using Google.Protobuf.WellKnownTypes;
using Grpc.Core;
using Grpc.Net.Client;
using Jackpot.TestKit;

namespace Jackpot.LocalDapr.Tests.Running;

/// <summary>A worker on the wire: what it answers to a turn or an activity is the test's.</summary>
sealed class TestWorker : IAsyncDisposable
{
    readonly GrpcChannel _channel;
    readonly TaskHubSidecarService.TaskHubSidecarServiceClient _client;
    readonly CancellationTokenSource _end = new();
    readonly ConcurrentQueue<WorkflowRequest> _turns = new();
    readonly ConcurrentQueue<ActivityRequest> _activities = new();
    Task _reading = Task.CompletedTask;

    public TestWorker(TestSidecar sidecar)
    {
        _channel = GrpcChannel.ForAddress($"http://127.0.0.1:{sidecar.GrpcPort}");
        _client = new TaskHubSidecarService.TaskHubSidecarServiceClient(_channel);
    }

    /// <summary>The actions of a turn, given all events of the instance in order.</summary>
    public Func<string, IReadOnlyList<HistoryEvent>, IEnumerable<WorkflowAction>> Turn { get; set; } = (_, _) => [];

    /// <summary>The JSON result of an activity; null = never answer.</summary>
    public Func<ActivityRequest, string?> Activity { get; set; } = _ => "null";

    public IReadOnlyList<WorkflowRequest> Turns => [.. _turns];

    public IReadOnlyList<ActivityRequest> Activities => [.. _activities];

    public async Task<TestWorker> StartAsync()
    {
        _reading = ReadAsync();
        await Task.Yield();
        return this;
    }

    public Task StartInstanceAsync(string id, string name = "Flow", string? input = null) =>
        CallAsync(client => client.StartInstanceAsync(new CreateInstanceRequest { InstanceId = id, Name = name, Input = input }));

    public Task RaiseAsync(string id, string name, string? input = null) =>
        CallAsync(client => client.RaiseEventAsync(new RaiseEventRequest { InstanceId = id, Name = name, Input = input }));

    public async Task<WorkflowState> EndAsync(string id) =>
        (await CallAsync(client => client.WaitForInstanceCompletionAsync(new GetInstanceRequest { InstanceId = id, GetInputsAndOutputs = true }))).WorkflowState;

    public async Task<OrchestrationStatus> StatusAsync(string id) =>
        (await CallAsync(client => client.GetInstanceAsync(new GetInstanceRequest { InstanceId = id }))).WorkflowState.WorkflowStatus;

    public Task<TResponse> CallAsync<TResponse>(Func<TaskHubSidecarService.TaskHubSidecarServiceClient, AsyncUnaryCall<TResponse>> call) => call(_client).ResponseAsync;

    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync();
        await _reading;
        _channel.Dispose();
    }

    async Task ReadAsync()
    {
        while (!_end.IsCancellationRequested)
        {
            try
            {
                using var items = _client.GetWorkItems(new GetWorkItemsRequest(), cancellationToken: _end.Token);
                await foreach (var item in items.ResponseStream.ReadAllAsync(_end.Token))
                {
                    _ = AnswerAsync(item);
                }
            }
            catch (Exception broken) when (broken is RpcException or OperationCanceledException)
            {
                // The sidecar was killed, or the test is over; reconnect until then.
                await Task.WhenAny(Task.Delay(TimeSpan.FromMilliseconds(100), _end.Token));
            }
        }
    }

    async Task AnswerAsync(WorkItem item)
    {
        if (item.ActivityRequest is { } activity)
        {
            _activities.Enqueue(activity);
            if (Activity(activity) is { } result)
            {
                await CompleteAsync(_client.CompleteActivityTaskAsync(new ActivityResponse { InstanceId = activity.WorkflowInstance.InstanceId, TaskId = activity.TaskId, Result = result }));
            }
            return;
        }
        var turn = item.WorkflowRequest;
        _turns.Enqueue(turn);
        var response = new WorkflowResponse { InstanceId = turn.InstanceId };
        response.Actions.AddRange(Turn(turn.InstanceId, [.. turn.PastEvents, .. turn.NewEvents]));
        await CompleteAsync(_client.CompleteWorkflowTaskAsync(response));
    }

    static async Task CompleteAsync(AsyncUnaryCall<CompleteTaskResponse> call)
    {
        try
        {
            await call;
        }
        catch (Exception lost) when (lost is RpcException or ObjectDisposedException)
        {
            // The sidecar redoes what it has no answer for.
        }
    }
}

/// <summary>Short forms of workflow actions.</summary>
static class Actions
{
    public static WorkflowAction Task(int id, string name, string? input = null) => new() { Id = id, ScheduleTask = new() { Name = name, Input = input, TaskExecutionId = $"x{id}" } };

    public static WorkflowAction Timer(int id, TimeSpan delay) => new() { Id = id, CreateTimer = new() { FireAt = DateTime.UtcNow.Add(delay).ToTimestamp(), CreateTimer = new() } };

    public static WorkflowAction Child(int id, string instanceId, string name) => new() { Id = id, CreateChildWorkflow = new() { InstanceId = instanceId, Name = name } };

    public static WorkflowAction Complete(int id, string? result, OrchestrationStatus status = OrchestrationStatus.Completed) =>
        new() { Id = id, CompleteWorkflow = new() { WorkflowStatus = status, Result = result } };
}
