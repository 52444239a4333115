using System.Collections.Concurrent;
using Jackpot.Dapr.Workflows;

namespace Jackpot.Dapr.Tests.Workflows;

/// <summary>Runs generated programs and keeps the effects of their activities: by step, with the execution keys under which each ran.</summary>
sealed class GeneratedProgramRunner
{
    static readonly WorkflowTaskOptions Tried = new(new WorkflowRetryPolicy(10, TimeSpan.FromSeconds(1)));

    readonly ConcurrentDictionary<string, ConcurrentDictionary<string, int>> _effects = new();

    /// <summary>Effect to the number of different execution keys it was seen under; more than one would double it.</summary>
    public SortedDictionary<string, int> Effects() => new(_effects.ToDictionary(effect => effect.Key, effect => effect.Value.Count), StringComparer.Ordinal);

    public int Executions => _effects.Values.Sum(keys => keys.Values.Sum());

    public void Configure(WorkflowRuntimeOptions options)
    {
        options.RegisterWorkflow<GeneratedProgram, string>("Program", RunAsync);
        options.RegisterWorkflow<List<ProgramStep>, string>("Child", (context, steps) => RunAsync(context, steps, ""));
        options.RegisterActivity<string, string>("Call", (context, effect) => Task.FromResult(Note(context, effect)));
        options.RegisterActivity<string, string>("Flaky", (context, effect) =>
        {
            Note(context, effect);
            return _effects[effect][context.TaskExecutionKey] == 1 ? throw new InvalidOperationException("first time") : Task.FromResult("f");
        });
        options.RegisterActivity<string, string>("Broken", (context, effect) => throw new FormatException(Note(context, effect)));
    }

    async Task<string> RunAsync(WorkflowContext context, GeneratedProgram program)
    {
        var sofar = program.Sofar + await RunAsync(context, program.Steps, $"round{program.Rounds}/");
        if (program.Rounds == 1)
        {
            return sofar;
        }

        context.ContinueAsNew(program with { Rounds = program.Rounds - 1, Sofar = sofar + "|" });
        return "";
    }

    async Task<string> RunAsync(WorkflowContext context, List<ProgramStep> steps, string round)
    {
        var result = "";
        foreach (var step in steps)
        {
            result += await RunAsync(context, step, round);
        }

        return result;
    }

    async Task<string> RunAsync(WorkflowContext context, ProgramStep step, string round)
    {
        var effect = $"{context.InstanceId}/{round}{step.Path}";
        switch (step)
        {
            case CallStep:
                return await context.CallActivityAsync<string>("Call", effect);
            case FlakyStep:
                return await context.CallActivityAsync<string>("Flaky", effect, Tried);
            case BrokenStep:
                return await Caught(context, effect);
            case TimerStep:
                await context.CreateTimer(TimeSpan.FromSeconds(1));
                return "t";
            case EventStep:
                return await context.WaitForExternalEventAsync<string>(step.Path);
            case TimeoutStep:
                return await TimedOut(context);
            case ChildStep child:
                return await context.CallChildWorkflowAsync<string>("Child", child.Steps, new ChildWorkflowTaskOptions($"{context.InstanceId}-{round.Replace('/', '-')}{step.Path}"));
            case ParallelStep parallel:
                return $"[{string.Join(',', await Task.WhenAll(parallel.Steps.Select(inner => RunAsync(context, inner, round))))}]";
            default:
                throw new NotSupportedException(step.ToString());
        }
    }

    static async Task<string> Caught(WorkflowContext context, string effect)
    {
        try
        {
            return await context.CallActivityAsync<string>("Broken", effect);
        }
        catch (WorkflowTaskFailedException failed) when (failed.FailureDetails.IsCausedBy<FormatException>())
        {
            return "b";
        }
    }

    static async Task<string> TimedOut(WorkflowContext context)
    {
        try
        {
            return await context.WaitForExternalEventAsync<string>("never", TimeSpan.FromSeconds(1));
        }
        catch (TaskCanceledException)
        {
            return "o";
        }
    }

    string Note(WorkflowActivityContext context, string effect)
    {
        _effects.GetOrAdd(effect, _ => new()).AddOrUpdate(context.TaskExecutionKey, 1, (_, count) => count + 1);
        return "c";
    }
}
