using System.Collections.Concurrent;
using Dapr.DurableTask.Protobuf;
using Grpc.Core;

namespace Jackpot.Dapr.Conformance.Workflows;

/// <summary>A workflow worker that keeps every work item, so that cases can look at the wire, and lets a case answer in its place.</summary>
sealed class ConformanceWorker : IAsyncDisposable
{
    readonly TaskHubSidecarService.TaskHubSidecarServiceClient _calls;
    readonly ConcurrentQueue<WorkItem> _items = [];
    readonly ConcurrentDictionary<string, Func<WorkflowRequest, Task<WorkflowResponse?>>> _scripts = new();
    readonly CancellationTokenSource _stop = new();
    CancellationTokenSource _stream = new();
    Task _reading = Task.CompletedTask;

    public ConformanceWorker(TaskHubSidecarService.TaskHubSidecarServiceClient calls) => _calls = calls;

    public void Start() => _reading = ReadAsync();

    public IEnumerable<WorkflowRequest> TurnsOf(string instanceId) =>
        _items.Select(item => item.WorkflowRequest).OfType<WorkflowRequest>().Where(turn => turn.InstanceId == instanceId);

    public IEnumerable<WorkItem> ItemsOf(string instanceId) =>
        _items.Where(item => item.WorkflowRequest?.InstanceId == instanceId || item.ActivityRequest?.WorkflowInstance?.InstanceId == instanceId);

    public IEnumerable<ActivityRequest> CallsOf(string instanceId) =>
        _items.Select(item => item.ActivityRequest).OfType<ActivityRequest>().Where(call => call.WorkflowInstance?.InstanceId == instanceId);

    /// <summary>Answers the turns of an instance in the worker's place; null means that nothing is answered.</summary>
    public void Script(string instanceId, Func<WorkflowRequest, Task<WorkflowResponse?>> answer) => _scripts[instanceId] = answer;

    public WorkflowResponse Replay(WorkflowRequest request) => Turn.Run(request, ConformanceWorkflows.All);

    /// <summary>Breaks the stream; the worker opens the next one at once.</summary>
    public void BreakStream() => _stream.Cancel();

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _stream.CancelAsync();
        await _reading;
    }

    async Task ReadAsync()
    {
        while (!_stop.IsCancellationRequested)
        {
            _stream = CancellationTokenSource.CreateLinkedTokenSource(_stop.Token);
            try
            {
                using var items = _calls.GetWorkItems(new GetWorkItemsRequest(), cancellationToken: _stream.Token);
                await foreach (var item in items.ResponseStream.ReadAllAsync(_stream.Token))
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
                var result = ConformanceWorkflows.Run(call);
                result.CompletionToken = item.CompletionToken;
                await CompleteAsync(result);
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

#pragma warning disable CS0612 // The older name, which every version of Dapr has.
    public Task CompleteAsync(WorkflowResponse response) => _calls.CompleteOrchestratorTaskAsync(response).ResponseAsync;
#pragma warning restore CS0612

    public Task CompleteAsync(ActivityResponse response) => _calls.CompleteActivityTaskAsync(response).ResponseAsync;

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
