using System.Threading.Channels;
using Google.Protobuf.WellKnownTypes;
using Jackpot.Dapr.Grpc;
using Jackpot.Dapr.Workflows.Protocol;
using Jackpot.Dapr.Workflows.Replay;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Jackpot.Dapr.Workflows.Worker;

/// <summary>
/// Takes work items from the sidecar and runs them, a limited number at once. The read loop only sorts them into queues: an engine that
/// cannot get rid of an item for 10 s takes it back.
/// </summary>
internal sealed partial class WorkflowWorker(
    WorkflowRuntimeOptions options,
    WorkflowChannel channel,
    ActivityRunner activities,
    WorkflowCompletions completions,
    IServiceProvider services,
    ILoggerFactory loggers,
    ILogger<WorkflowWorker> logger) : BackgroundService
{
    const int QueuedItemsMax = 4096;

    static readonly TimeSpan ReconnectPauseMin = TimeSpan.FromMilliseconds(250);
    static readonly TimeSpan ReconnectPauseMax = TimeSpan.FromSeconds(5);
    static readonly TimeSpan HelloPause = TimeSpan.FromSeconds(30);
    static readonly TimeSpan HelloDeadline = TimeSpan.FromSeconds(10);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (!options.HasAny)
        {
            return;
        }

        var pause = ReconnectPauseMin;
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                if (await ServeOneConnectionAsync(stoppingToken))
                {
                    pause = ReconnectPauseMin;
                }

                await Task.Delay(pause, stoppingToken);
                pause = pause * 2 > ReconnectPauseMax ? ReconnectPauseMax : pause * 2;
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                return;
            }
        }
    }

    /// <summary>True when at least one item came, so that the connection was a good one.</summary>
    async Task<bool> ServeOneConnectionAsync(CancellationToken stoppingToken)
    {
        using var connection = new WorkerConnection(stoppingToken);
        var turns = NewQueue<WorkflowRequest>();
        var calls = NewQueue<ActivityRequest>();
        var work = Task.WhenAll(
            DrainAsync(turns, options.MaxConcurrentWorkflows, connection, RunTurnAsync),
            DrainAsync(calls, options.MaxConcurrentActivities, connection, RunActivityAsync),
            SayHelloAsync(connection));
        var any = false;
        try
        {
            await foreach (var item in channel.Grpc.ServerStreamingAsync<GetWorkItemsRequest, WorkItem>(TaskHubSidecar.GetWorkItems, new(), connection.Closed))
            {
                any = true;
                await EnqueueAsync(item, turns, calls, connection.Closed);
            }

            LogStreamEnded();
        }
        catch (RpcException broken)
        {
            LogStreamBroken(broken.StatusCode, broken.Detail);
        }
        catch (OperationCanceledException) when (connection.Closed.IsCancellationRequested && !stoppingToken.IsCancellationRequested)
        {
            LogStreamLeft();
        }
        finally
        {
            turns.Writer.Complete();
            calls.Writer.Complete();
            connection.Close();
            await work;
        }

        return any;
    }

    static Channel<Queued<T>> NewQueue<T>() =>
        Channel.CreateBounded<Queued<T>>(new BoundedChannelOptions(QueuedItemsMax) { SingleWriter = true });

    static async Task EnqueueAsync(WorkItem item, Channel<Queued<WorkflowRequest>> turns, Channel<Queued<ActivityRequest>> calls, CancellationToken closed)
    {
        if (item.RequestCase == WorkItem.RequestOneofCase.WorkflowRequest)
        {
            await turns.Writer.WriteAsync(new(item.WorkflowRequest, item.CompletionToken), closed);
        }
        else if (item.RequestCase == WorkItem.RequestOneofCase.ActivityRequest)
        {
            await calls.Writer.WriteAsync(new(item.ActivityRequest, item.CompletionToken), closed);
        }
    }

    async Task DrainAsync<T>(Channel<Queued<T>> queue, int atOnceMax, WorkerConnection connection, Func<Queued<T>, WorkerConnection, Task> run)
    {
        try
        {
            await Parallel.ForEachAsync(
                queue.Reader.ReadAllAsync(connection.Closed),
                new ParallelOptions { MaxDegreeOfParallelism = atOnceMax, CancellationToken = connection.Closed },
                async (item, _) => await GuardAsync(run(item, connection), connection));
        }
        catch (OperationCanceledException) when (connection.Closed.IsCancellationRequested)
        {
            // What is still queued belongs to a stream that has ended; the engine sends it again.
        }
    }

    /// <summary>An item that ends without a report would hang for ever, so anything unforeseen ends the stream.</summary>
    async Task GuardAsync(Task running, WorkerConnection connection)
    {
        try
        {
            await running;
        }
#pragma warning disable CA1031 // The edge of a work item: logged, and answered by opening the stream anew.
        catch (Exception unforeseen)
#pragma warning restore CA1031
        {
            if (!connection.Closed.IsCancellationRequested)
            {
                LogItemFailed(unforeseen);
                connection.Close();
            }
        }
    }

    async Task RunTurnAsync(Queued<WorkflowRequest> item, WorkerConnection connection)
    {
        var request = item.Request;
        if (request.RequiresHistoryStreaming)
        {
            var history = await channel.Grpc.UnaryAsync<GetInstanceHistoryRequest, GetInstanceHistoryResponse>(
                TaskHubSidecar.GetInstanceHistory, new() { InstanceId = request.InstanceId }, cancellationToken: connection.Closed);
            request.PastEvents.Clear();
            request.PastEvents.AddRange(history.Events);
        }

        await completions.ReportAsync(WorkflowReplay.Run(request, item.CompletionToken, options, services, loggers), connection);
    }

    async Task RunActivityAsync(Queued<ActivityRequest> item, WorkerConnection connection) =>
        await completions.ReportAsync(await activities.RunAsync(item.Request, item.CompletionToken, connection.Closed), connection);

    /// <summary>Notices a connection that is dead although nothing has closed it.</summary>
    async Task SayHelloAsync(WorkerConnection connection)
    {
        try
        {
            while (true)
            {
                await Task.Delay(HelloPause, connection.Closed);
                await channel.Grpc.UnaryAsync<Empty, Empty>(TaskHubSidecar.Hello, new Empty(), HelloDeadline, connection.Closed);
            }
        }
        catch (OperationCanceledException) when (connection.Closed.IsCancellationRequested)
        {
            // The regular end.
        }
        catch (RpcException unanswered)
        {
            LogHelloUnanswered(unanswered.StatusCode);
            connection.Close();
        }
    }

    [LoggerMessage(30, LogLevel.Information, "The sidecar has ended the stream of work items; opening it anew")]
    partial void LogStreamEnded();

    [LoggerMessage(31, LogLevel.Warning, "The stream of work items broke: {Status} {Detail}; opening it anew")]
    partial void LogStreamBroken(RpcStatusCode status, string detail);

    [LoggerMessage(32, LogLevel.Warning, "The stream of work items was left because a report was lost; opening it anew")]
    partial void LogStreamLeft();

    [LoggerMessage(33, LogLevel.Error, "A work item failed outside of its own code; opening the stream anew")]
    partial void LogItemFailed(Exception cause);

    [LoggerMessage(34, LogLevel.Warning, "The sidecar does not answer on the stream's connection ({Status}); opening it anew")]
    partial void LogHelloUnanswered(RpcStatusCode status);

    sealed record Queued<T>(T Request, string CompletionToken);
}
