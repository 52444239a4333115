using System.Collections.Concurrent;
using Dapr.Workflow;

namespace DotnetSdk.App;

/// <summary>Registered as a class, as applications do; the others are functions.</summary>
public sealed class GreetingWorkflow : Workflow<string, string>
{
    public override Task<string> RunAsync(WorkflowContext context, string input) => context.CallActivityAsync<string>(nameof(GreetActivity), input);
}

public sealed class GreetActivity : WorkflowActivity<string, string>
{
    public override Task<string> RunAsync(WorkflowActivityContext context, string input) => Task.FromResult($"Hello {input} from {context.InstanceId}");
}

/// <summary>The workflows that the checks start, each doing one thing.</summary>
static class SdkWorkflows
{
    static readonly ConcurrentDictionary<string, int> Tries = new();

    public static int TriesOf(string key) => Tries.GetValueOrDefault(key);

    public static void Register(WorkflowRuntimeOptions options)
    {
        options.RegisterWorkflow<GreetingWorkflow>();
        options.RegisterActivity<GreetActivity>();
        RegisterActivities(options);
        options.RegisterWorkflow<string, string>("Echo", (_, input) => Task.FromResult(input));
        options.RegisterWorkflow<Order, Order>("Chain", async (context, order) =>
            await context.CallActivityAsync<Order>("Increase", await context.CallActivityAsync<Order>("Increase", order)));
        options.RegisterWorkflow<int, int>("FanOut", async (context, count) =>
            (await Task.WhenAll(Enumerable.Range(0, count).Select(i => context.CallActivityAsync<int>("Double", i)))).Sum());
        options.RegisterWorkflow<int, string>("Timer", TimerAsync);
        options.RegisterWorkflow<string, string>("Event", (context, _) => context.WaitForExternalEventAsync<string>("go"));
        options.RegisterWorkflow<int, string>("EventWithin", EventWithinAsync);
        options.RegisterWorkflow<string, string>("TwoEvents", async (context, _) =>
            await context.WaitForExternalEventAsync<string>("first") + await context.WaitForExternalEventAsync<string>("second"));
        options.RegisterWorkflow<string, string>("Parent", (context, input) =>
            context.CallChildWorkflowAsync<string>("Echo", input, new ChildWorkflowTaskOptions(context.InstanceId + "-child")));
        options.RegisterWorkflow<string, string>("ParentOfFailed", (context, input) => CaughtAsync(() => context.CallChildWorkflowAsync<string>("Fail", input)));
        options.RegisterWorkflow<string, string>("Fail", (_, input) => throw new InvalidOperationException(input));
        options.RegisterWorkflow<string, string>("FailedActivity", (context, input) => CaughtAsync(() => context.CallActivityAsync<string>("Broken", input)));
        options.RegisterWorkflow<string, string>("Retried", (context, key) =>
            context.CallActivityAsync<string>("FailsTwice", key, new WorkflowTaskOptions(new WorkflowRetryPolicy(5, TimeSpan.FromMilliseconds(200)))));
        options.RegisterWorkflow<string, string>("RetriedInVain", (context, key) =>
            context.CallActivityAsync<string>("AlwaysFails", key, new WorkflowTaskOptions(new WorkflowRetryPolicy(3, TimeSpan.FromMilliseconds(200)))));
        options.RegisterWorkflow<int, int>("Countdown", (context, left) =>
        {
            if (left > 0)
            {
                context.ContinueAsNew(left - 1);
            }
            return Task.FromResult(left);
        });
        options.RegisterWorkflow<string, string>("Status", async (context, input) =>
        {
            context.SetCustomStatus(input);
            return await context.WaitForExternalEventAsync<string>("go");
        });
        options.RegisterWorkflow<string, bool>("Deterministic", DeterministicAsync);
    }

    static void RegisterActivities(WorkflowRuntimeOptions options)
    {
        options.RegisterActivity<Order, Order>("Increase", (_, order) => Task.FromResult(order with { Amount = order.Amount + 1 }));
        options.RegisterActivity<int, int>("Double", (_, input) => Task.FromResult(input * 2));
        options.RegisterActivity<string, string>("Broken", (_, input) => throw new FormatException(input));
        options.RegisterActivity<string, string>("FailsTwice", (_, key) =>
            Tries.AddOrUpdate(key, 1, (_, tries) => tries + 1) <= 2 ? throw new FormatException("not yet") : Task.FromResult("third"));
        options.RegisterActivity<string, string>("AlwaysFails", (_, key) =>
        {
            Tries.AddOrUpdate(key, 1, (_, tries) => tries + 1);
            throw new FormatException("never");
        });
        options.RegisterActivity<string, string>("Keep", (_, value) => Task.FromResult(value));
    }

    static async Task<string> TimerAsync(WorkflowContext context, int milliseconds)
    {
        var before = context.CurrentUtcDateTime;
        await context.CreateTimer(TimeSpan.FromMilliseconds(milliseconds));
        return context.CurrentUtcDateTime - before >= TimeSpan.FromMilliseconds(milliseconds) ? "in time" : "too early";
    }

    static async Task<string> EventWithinAsync(WorkflowContext context, int milliseconds)
    {
        try
        {
            return await context.WaitForExternalEventAsync<string>("go", TimeSpan.FromMilliseconds(milliseconds));
        }
        catch (TaskCanceledException)
        {
            return "late";
        }
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

    /// <summary>An activity keeps what the first run saw; a later run that sees something else gives it away.</summary>
    static async Task<bool> DeterministicAsync(WorkflowContext context, string input)
    {
        var (id, time) = (context.NewGuid().ToString(), context.CurrentUtcDateTime.Ticks.ToString(System.Globalization.CultureInfo.InvariantCulture));
        return await context.CallActivityAsync<string>("Keep", id) == id && await context.CallActivityAsync<string>("Keep", time) == time;
    }
}
