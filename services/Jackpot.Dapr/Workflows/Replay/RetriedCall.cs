using System.Text.Json;
using Jackpot.Dapr.Workflows.Protocol;

namespace Jackpot.Dapr.Workflows.Replay;

/// <summary>A call of an activity or a child with its retries. Each try is an action of its own; the engine knows nothing of retries.</summary>
internal sealed class RetriedCall<T>(TurnContext context, WorkflowRetryPolicy? policy)
{
    public required Func<WorkflowAction> NewAction { get; init; }

    public required Func<CreateTimerAction> NewPause { get; init; }

    public required string Describe { get; init; }

    public async Task<T> RunAsync(JsonSerializerOptions json)
    {
        var started = context.CurrentUtcDateTime;
        for (var attempt = 1; ; attempt++)
        {
            TimeSpan pause;
            try
            {
                return WorkflowJson.Read<T>(await TryOnceAsync(), json);
            }
            catch (WorkflowTaskFailedException failed) when (!failed.FailureDetails.IsNonRetriable
                && policy?.PauseAfter(attempt, context.CurrentUtcDateTime - started) is { } next)
            {
                pause = next;
            }

            var timer = NewPause();
            timer.FireAt = TurnContext.ToTimestamp(context.CurrentUtcDateTime + pause);
            await context.StartTimer(timer, CancellationToken.None);
        }
    }

    Task<string?> TryOnceAsync()
    {
        var done = new TaskCompletionSource<string?>();
        context.Actions.Add(NewAction(), new OpenTask
        {
            Complete = result => done.TrySetResult(result),
            Fail = details => done.TrySetException(new WorkflowTaskFailedException($"{Describe} failed: {details.ErrorMessage}", details)),
        });
        return done.Task;
    }
}
