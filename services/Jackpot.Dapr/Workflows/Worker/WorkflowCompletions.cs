using Google.Protobuf;
using Jackpot.Dapr.Grpc;
using Jackpot.Dapr.Workflows.Protocol;
using Microsoft.Extensions.Logging;

namespace Jackpot.Dapr.Workflows.Worker;

/// <summary>
/// Reports results. The engine waits for a report without any time-out, so a report that cannot be delivered ends the stream: the engine then takes
/// the work items of that stream back and sends them again.
/// A report is repeated only when it cannot be taken for another: the engine tells a turn by its instance alone, so the second report of a turn
/// that got through the first time would end the instance's next turn. An activity is told by its number too and may be repeated.
/// </summary>
internal sealed partial class WorkflowCompletions(WorkflowChannel channel, ILogger<WorkflowCompletions> logger)
{
    const int AttemptsMax = 5;

    enum Repeatable
    {
        Always,
        IfNothingWasSent,
    }

    static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(100);
    static readonly TimeSpan Deadline = TimeSpan.FromSeconds(10);

    public async Task ReportAsync(WorkflowResponse response, WorkerConnection connection)
    {
        try
        {
            await SendAsync(TaskHubSidecar.CompleteOrchestratorTask, response.InstanceId, response, Repeatable.IfNothingWasSent, connection);
        }
        catch (RpcException tooLarge) when (tooLarge.StatusCode == RpcStatusCode.ResourceExhausted)
        {
            var failed = new CompleteWorkflowAction { WorkflowStatus = OrchestrationStatus.Failed, FailureDetails = TooLarge(tooLarge) };
            await SendAsync(TaskHubSidecar.CompleteOrchestratorTask, response.InstanceId, new WorkflowResponse
            {
                InstanceId = response.InstanceId,
                CompletionToken = response.CompletionToken,
                Actions = { new WorkflowAction { Id = response.Actions[^1].Id, CompleteWorkflow = failed } },
            }, Repeatable.IfNothingWasSent, connection);
        }
    }

    public async Task ReportAsync(ActivityResponse response, WorkerConnection connection)
    {
        try
        {
            await SendAsync(TaskHubSidecar.CompleteActivityTask, response.InstanceId, response, Repeatable.Always, connection);
        }
        catch (RpcException tooLarge) when (tooLarge.StatusCode == RpcStatusCode.ResourceExhausted)
        {
            response.Result = null;
            response.FailureDetails = TooLarge(tooLarge);
            await SendAsync(TaskHubSidecar.CompleteActivityTask, response.InstanceId, response, Repeatable.Always, connection);
        }
    }

    static TaskFailureDetails TooLarge(RpcException refused) =>
        new WorkflowTaskFailureDetails("PayloadTooLarge", refused.Detail, IsNonRetriable: true).ToWire();

    async Task SendAsync<T>(string path, string instanceId, T response, Repeatable repeatable, WorkerConnection connection)
        where T : class, IMessage<T>
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                await channel.Grpc.UnaryAsync<T, CompleteTaskResponse>(path, response, Deadline, connection.Closed);
                return;
            }
            catch (OperationCanceledException) when (connection.Closed.IsCancellationRequested)
            {
                // The stream has ended and with it the work item; it comes again on the next one.
                return;
            }
            catch (RpcException lost) when (IsTransient(lost.StatusCode))
            {
                if (attempt == AttemptsMax || (repeatable == Repeatable.IfNothingWasSent && !lost.NothingWasSent))
                {
                    LogCompletionLost(path, instanceId, lost);
                    connection.Close();
                    return;
                }

                LogCompletionDelayed(path, instanceId, attempt, lost.StatusCode);
            }
            catch (RpcException unknown) when (unknown.StatusCode != RpcStatusCode.ResourceExhausted)
            {
                // The engine does not wait for it: a repeated report, or one of a work item that it has taken back.
                LogCompletionRefused(path, instanceId, unknown.StatusCode, unknown.Detail);
                return;
            }

            await Task.Delay(FirstPause * Math.Pow(2, attempt - 1), CancellationToken.None);
        }
    }

    static bool IsTransient(RpcStatusCode code) =>
        code is RpcStatusCode.Unavailable or RpcStatusCode.DeadlineExceeded or RpcStatusCode.Cancelled or RpcStatusCode.Internal or RpcStatusCode.Aborted;

    [LoggerMessage(21, LogLevel.Warning, "{Path} for {InstanceId} did not get through ({Attempt}, {Status}); trying again")]
    partial void LogCompletionDelayed(string path, string instanceId, int attempt, RpcStatusCode status);

    [LoggerMessage(22, LogLevel.Error, "{Path} for {InstanceId} is lost; the stream is opened anew so that the engine sends the work again")]
    partial void LogCompletionLost(string path, string instanceId, Exception cause);

    [LoggerMessage(23, LogLevel.Warning, "{Path} for {InstanceId} was refused: {Status} {Detail}")]
    partial void LogCompletionRefused(string path, string instanceId, RpcStatusCode status, string detail);
}
