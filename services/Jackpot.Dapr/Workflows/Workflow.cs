namespace Jackpot.Dapr.Workflows;

/// <summary>A workflow as the worker sees it; derive from <see cref="Workflow{TInput, TOutput}"/> instead.</summary>
public interface IWorkflow
{
    /// <summary>Type of the input.</summary>
    Type InputType { get; }

    /// <summary>Runs the workflow with an input of <see cref="InputType"/>.</summary>
    Task<object?> RunAsync(WorkflowContext context, object? input);
}

/// <summary>
/// A durable workflow. Its code runs again from the start for every step, so it must be deterministic: time, ids and every effect come
/// from the <see cref="WorkflowContext"/>, and it awaits nothing but the tasks that the context gives.
/// </summary>
public abstract class Workflow<TInput, TOutput> : IWorkflow
{
    Type IWorkflow.InputType => typeof(TInput);

    async Task<object?> IWorkflow.RunAsync(WorkflowContext context, object? input) => await RunAsync(context, (TInput)input!);

    /// <summary>The workflow's steps. An exception that leaves it fails the workflow.</summary>
    public abstract Task<TOutput> RunAsync(WorkflowContext context, TInput input);
}

internal sealed class WorkflowFunction<TInput, TOutput>(Func<WorkflowContext, TInput, Task<TOutput>> run) : Workflow<TInput, TOutput>
{
    public override Task<TOutput> RunAsync(WorkflowContext context, TInput input) => run(context, input);
}
