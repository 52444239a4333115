using System.Collections.Concurrent;
using Jackpot.Dapr.Workflows;

namespace Jackpot.Dapr.Conformance.Workflows;

/// <summary>The workflows that the cases start, each doing one thing.</summary>
static class ConformanceWorkflows
{
    static readonly ConcurrentDictionary<string, int> Runs = new();

    public static void Register(WorkflowRuntimeOptions options)
    {
        options.RegisterWorkflow<string, string>("Echo", (_, input) => Task.FromResult(input));
        options.RegisterWorkflow<string, string>("Chain", (context, input) => context.CallActivityAsync<string>("Upper", input));
        options.RegisterWorkflow<double, string>("Timer", async (context, seconds) =>
        {
            await context.CreateTimer(TimeSpan.FromSeconds(seconds));
            return "fired";
        });
        options.RegisterWorkflow<string, string>("Event", (context, _) => context.WaitForExternalEventAsync<string>("go"));
        options.RegisterWorkflow<double, string>("EventTimeout", EventTimeoutAsync);
        options.RegisterWorkflow<string, string>("Parent", (context, input) =>
            context.CallChildWorkflowAsync<string>("Chain", input, new ChildWorkflowTaskOptions(context.InstanceId + "-child")));
        options.RegisterWorkflow<string, string>("ParentOfFailed", (context, _) => CaughtAsync(() => context.CallChildWorkflowAsync<string>("Fail", "x")));
        options.RegisterWorkflow<string, string>("Fail", (_, input) => throw new InvalidOperationException(input));
        options.RegisterWorkflow<int, string>("Countdown", (context, left) =>
        {
            if (left > 0)
            {
                context.ContinueAsNew(left - 1);
            }

            return Task.FromResult("done");
        });
        options.RegisterWorkflow<int, string>("CarryOver", CarryOverAsync);
        options.RegisterWorkflow<string, string>("Status", async (context, input) =>
        {
            context.SetCustomStatus(input);
            return await context.WaitForExternalEventAsync<string>("go");
        });
        options.RegisterWorkflow<int, int>("FanOut", async (context, count) =>
            (await Task.WhenAll(Enumerable.Range(0, count).Select(i => context.CallActivityAsync<int>("Double", i)))).Sum());
        options.RegisterWorkflow<string, string>("Retried", (context, _) =>
            context.CallActivityAsync<string>("FailsTwice", context.InstanceId, new WorkflowTaskOptions(new WorkflowRetryPolicy(5, TimeSpan.FromMilliseconds(300)))));
        options.RegisterWorkflow<string, string>("FailedActivity", (context, _) => CaughtAsync(() => context.CallActivityAsync<string>("Broken", "x")));
        options.RegisterWorkflow<string, string>("UnknownActivity", (context, _) => CaughtAsync(() => context.CallActivityAsync<string>("Nowhere", "x")));
        options.RegisterWorkflow<int, int>("Sequence", async (context, count) =>
        {
            var sum = 0;
            for (var i = 0; i < count; i++)
            {
                sum += await context.CallActivityAsync<int>("Double", i);
            }

            return sum;
        });

        options.RegisterActivity<string, string>("Upper", (_, input) => Task.FromResult(input.ToUpperInvariant()));
        options.RegisterActivity<int, int>("Double", (_, input) => Task.FromResult(input * 2));
        options.RegisterActivity<string, string>("Broken", (_, _) => throw new FormatException("broken on purpose"));
        options.RegisterActivity<string, string>("FailsTwice", (_, instance) =>
            Runs.AddOrUpdate(instance, 1, (_, runs) => runs + 1) <= 2 ? throw new FormatException("not yet") : Task.FromResult("third"));
    }

    static async Task<string> EventTimeoutAsync(WorkflowContext context, double seconds)
    {
        try
        {
            return await context.WaitForExternalEventAsync<string>("go", TimeSpan.FromSeconds(seconds));
        }
        catch (TaskCanceledException)
        {
            return "late";
        }
    }

    static async Task<string> CarryOverAsync(WorkflowContext context, int round)
    {
        if (round == 1)
        {
            return await context.WaitForExternalEventAsync<string>("second");
        }

        await context.WaitForExternalEventAsync<string>("first");
        context.ContinueAsNew(1);
        return "";
    }

    static async Task<string> CaughtAsync(Func<Task<string>> call)
    {
        try
        {
            return await call();
        }
        catch (WorkflowTaskFailedException failed)
        {
            return $"{failed.FailureDetails.ErrorType}: {failed.FailureDetails.ErrorMessage}";
        }
    }
}
