namespace Jackpot.Dapr.Workflows;

/// <summary>An activity as the worker sees it; derive from <see cref="WorkflowActivity{TInput, TOutput}"/> instead.</summary>
public interface IWorkflowActivity
{
    /// <summary>Type of the input.</summary>
    Type InputType { get; }

    /// <summary>Runs the activity with an input of <see cref="InputType"/>.</summary>
    Task<object?> RunAsync(WorkflowActivityContext context, object? input);
}

/// <summary>
/// One effect of a workflow. It runs at least once per call: instance id and <see cref="WorkflowActivityContext.TaskExecutionKey"/> together
/// name the call and stay the same when it is tried again.
/// </summary>
public abstract class WorkflowActivity<TInput, TOutput> : IWorkflowActivity
{
    Type IWorkflowActivity.InputType => typeof(TInput);

    async Task<object?> IWorkflowActivity.RunAsync(WorkflowActivityContext context, object? input) => await RunAsync(context, (TInput)input!);

    /// <summary>The effect. An exception fails the activity; the workflow sees it as <see cref="WorkflowTaskFailedException"/>.</summary>
    public abstract Task<TOutput> RunAsync(WorkflowActivityContext context, TInput input);
}

internal sealed class ActivityFunction<TInput, TOutput>(Func<WorkflowActivityContext, TInput, Task<TOutput>> run) : WorkflowActivity<TInput, TOutput>
{
    public override Task<TOutput> RunAsync(WorkflowActivityContext context, TInput input) => run(context, input);
}

/// <summary>Name of an activity.</summary>
public readonly record struct TaskIdentifier(string Name);

/// <summary>What an activity may know of its call.</summary>
/// <param name="Identifier">The name it was called by.</param>
/// <param name="TaskExecutionKey">The same for every try of one call; differs between calls of one instance.</param>
/// <param name="InstanceId">The workflow that called.</param>
/// <param name="CancellationToken">Fires when the worker stops; the activity will run again elsewhere.</param>
public sealed record WorkflowActivityContext(TaskIdentifier Identifier, string TaskExecutionKey, string InstanceId, CancellationToken CancellationToken = default);
