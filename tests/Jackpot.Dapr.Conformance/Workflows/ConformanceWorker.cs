using System.Collections.Concurrent;
using Jackpot.Dapr.Grpc;
using Jackpot.Dapr.Workflows;
using Jackpot.Dapr.Workflows.Protocol;
using Jackpot.Dapr.Workflows.Replay;
using Jackpot.Dapr.Workflows.Worker;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;

namespace Jackpot.Dapr.Conformance.Workflows;

/// <summary>A workflow worker that keeps every work item, so that cases can look at the wire, and lets a case answer in its place.</summary>
sealed class ConformanceWorker : IAsyncDisposable
{
    readonly GrpcChannel _grpc;
    readonly WorkflowRuntimeOptions _options = new();
    readonly ServiceProvider _services = new ServiceCollection().BuildServiceProvider();
    readonly ActivityRunner _activities;
    readonly ConcurrentQueue<WorkItem> _items = [];
    readonly ConcurrentDictionary<string, Func<WorkflowRequest, Task<WorkflowResponse?>>> _scripts = new();
    readonly CancellationTokenSource _stop = new();
    CancellationTokenSource _stream = new();
    Task _reading = Task.CompletedTask;

    public ConformanceWorker(GrpcChannel grpc)
    {
        _grpc = grpc;
        ConformanceWorkflows.Register(_options);
        _activities = new ActivityRunner(_options, _services.GetRequiredService<IServiceScopeFactory>(), NullLogger<ActivityRunner>.Instance);
    }

    public void Start() => _reading = ReadAsync();

    public IEnumerable<WorkflowRequest> TurnsOf(string instanceId) =>
        _items.Select(item => item.WorkflowRequest).OfType<WorkflowRequest>().Where(turn => turn.InstanceId == instanceId);

    public IEnumerable<WorkItem> ItemsOf(string instanceId) =>
        _items.Where(item => item.WorkflowRequest?.InstanceId == instanceId || item.ActivityRequest?.WorkflowInstance?.InstanceId == instanceId);

    public IEnumerable<ActivityRequest> CallsOf(string instanceId) =>
        _items.Select(item => item.ActivityRequest).OfType<ActivityRequest>().Where(call => call.WorkflowInstance?.InstanceId == instanceId);

    /// <summary>Answers the turns of an instance in the worker's place; null means that nothing is answered.</summary>
    public void Script(string instanceId, Func<WorkflowRequest, Task<WorkflowResponse?>> answer) => _scripts[instanceId] = answer;

    public WorkflowResponse Replay(WorkflowRequest request) => WorkflowReplay.Run(request, "", _options, _services, NullLoggerFactory.Instance);

    /// <summary>Breaks the stream; the worker opens the next one at once.</summary>
    public void BreakStream() => _stream.Cancel();

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _stream.CancelAsync();
        await _reading;
        await _services.DisposeAsync();
    }

    async Task ReadAsync()
    {
        while (!_stop.IsCancellationRequested)
        {
            _stream = CancellationTokenSource.CreateLinkedTokenSource(_stop.Token);
            try
            {
                await foreach (var item in _grpc.ServerStreamingAsync<GetWorkItemsRequest, WorkItem>(TaskHubSidecar.GetWorkItems, new(), _stream.Token))
                {
                    _items.Enqueue(item);
                    _ = AnswerAsync(item);
                }
            }
            catch (Exception ended) when (ended is OperationCanceledException or RpcException)
            {
                // A case broke the stream, the run is over, or the sidecar has no workflows; the cases tell which.
                await Task.Delay(200);
            }
        }
    }

    async Task AnswerAsync(WorkItem item)
    {
        try
        {
            await Task.Yield();
            if (item.ActivityRequest is { } call)
            {
                await CompleteAsync(await _activities.RunAsync(call, item.CompletionToken, _stop.Token));
            }
            else if (await TurnAsync(item) is { } response)
            {
                await CompleteAsync(response);
            }
        }
        catch (RpcException refused)
        {
            Console.Error.WriteLine($"completion refused: {refused.Message}");
        }
    }

    public Task CompleteAsync(WorkflowResponse response) =>
        _grpc.UnaryAsync<WorkflowResponse, CompleteTaskResponse>(TaskHubSidecar.CompleteOrchestratorTask, response);

    public Task CompleteAsync(ActivityResponse response) =>
        _grpc.UnaryAsync<ActivityResponse, CompleteTaskResponse>(TaskHubSidecar.CompleteActivityTask, response);

    async Task<WorkflowResponse?> TurnAsync(WorkItem item)
    {
        var request = item.WorkflowRequest;
        var response = _scripts.TryGetValue(request.InstanceId, out var script) ? await script(request) : Replay(request);
        if (response is not null)
        {
            response.CompletionToken = item.CompletionToken;
        }

        return response;
    }
}
