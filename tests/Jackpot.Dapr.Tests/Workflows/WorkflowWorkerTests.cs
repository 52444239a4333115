using Jackpot.Dapr.Workflows;
using Jackpot.Dapr.Workflows.Protocol;

namespace Jackpot.Dapr.Tests.Workflows;

public sealed class WorkflowWorkerTests
{
    static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Workflow_with_an_activity_runs_over_the_wire()
    {
        await using var engine = await StubEngine.StartAsync();
        await using var worker = await WorkerHost.StartAsync(engine, options =>
        {
            options.RegisterWorkflow<int, int>("W", async (context, input) => await context.CallActivityAsync<int>("Double", input));
            options.RegisterActivity<int, int>("Double", (_, input) => Task.FromResult(input * 2));
        });

        var ended = await engine.Start("i1", "W", "21").WaitAsync(Patience, Ct);

        Assert.Equal("42", ended.End!.Result);
    }

    [Fact]
    public async Task Unknown_activity_is_answered_instead_of_left_hanging()
    {
        await using var engine = await StubEngine.StartAsync();
        await using var worker = await WorkerHost.StartAsync(engine, options =>
            options.RegisterWorkflow<int, int>("W", async (context, input) => await context.CallActivityAsync<int>("Nowhere", input)));

        var ended = await engine.Start("i1", "W", "1").WaitAsync(Patience, Ct);

        Assert.Equal(OrchestrationStatus.Failed, ended.End!.WorkflowStatus);
        Assert.Equal("ActivityNotFound", ended.End.FailureDetails.InnerFailure.ErrorType);
    }

    [Fact]
    public async Task No_more_activities_than_allowed_run_at_once_and_turns_go_on_meanwhile()
    {
        await using var engine = await StubEngine.StartAsync();
        var running = 0;
        var runningMax = 0;
        var release = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var worker = await WorkerHost.StartAsync(engine, options =>
        {
            options.MaxConcurrentActivities = 3;
            options.RegisterWorkflow<int, int>("Fan", async (context, input) =>
                (await Task.WhenAll(Enumerable.Range(0, input).Select(i => context.CallActivityAsync<int>("Slow", i)))).Sum());
            options.RegisterWorkflow<int, int>("Quick", (_, input) => Task.FromResult(input));
            options.RegisterActivity<int, int>("Slow", async (_, input) =>
            {
                runningMax = Math.Max(runningMax, Interlocked.Increment(ref running));
                await release.Task;
                Interlocked.Decrement(ref running);
                return input;
            });
        });

        var fan = engine.Start("fan", "Fan", "12");
        var quick = await engine.Start("quick", "Quick", "7").WaitAsync(Patience, Ct);
        release.SetResult();
        var ended = await fan.WaitAsync(Patience, Ct);

        Assert.Equal("7", quick.End!.Result);
        Assert.Equal("66", ended.End!.Result);
        Assert.InRange(runningMax, 1, 3);
    }

    [Fact]
    public async Task Report_that_cannot_be_delivered_opens_the_stream_anew_and_the_work_is_done_again()
    {
        await using var engine = await StubEngine.StartAsync();
        var lost = 0;
        // Two questions a completion: is it lost, and before it was taken.
        engine.LosesCompletion = () => Interlocked.Increment(ref lost) <= 2;
        await using var worker = await WorkerHost.StartAsync(engine, options =>
            options.RegisterWorkflow<int, int>("W", (_, input) => Task.FromResult(input + 1)));

        var ended = await engine.Start("i1", "W", "1").WaitAsync(Patience, Ct);

        Assert.Equal("2", ended.End!.Result);
        Assert.Equal(2, engine.Streams);
        Assert.Equal(2, engine.TurnsSent);
    }

    [Fact]
    public async Task Turn_whose_report_was_taken_but_not_confirmed_is_not_reported_twice()
    {
        await using var engine = await StubEngine.StartAsync();
        var asked = 0;
        // The first question is whether the report is lost, the second whether before it was taken: so it was taken and then lost.
        engine.LosesCompletion = () => Interlocked.Increment(ref asked) == 1;
        await using var worker = await WorkerHost.StartAsync(engine, options =>
        {
            options.RegisterWorkflow<int, int>("W", async (context, input) =>
            {
                await context.CreateTimer(TimeSpan.FromSeconds(1));
                return await context.CallActivityAsync<int>("Double", input);
            });
            options.RegisterActivity<int, int>("Double", (_, input) => Task.FromResult(input * 2));
        });

        var ended = await engine.Start("i1", "W", "4").WaitAsync(Patience, Ct);

        Assert.Equal("8", ended.End!.Result);
        Assert.Single(ended.History, happened => happened.TimerCreated is not null);
    }

    [Fact]
    public async Task Result_over_the_message_limit_fails_the_activity_instead_of_hanging()
    {
        await using var engine = await StubEngine.StartAsync();
        await using var worker = await WorkerHost.StartAsync(engine, options =>
        {
            options.RegisterWorkflow<int, string>("W", async (context, input) => await context.CallActivityAsync<string>("Big", input));
            options.RegisterActivity<int, string>("Big", (_, _) => Task.FromResult(new string('x', 5 * 1024 * 1024)));
        });

        var ended = await engine.Start("i1", "W", "1").WaitAsync(Patience, Ct);

        Assert.Equal("PayloadTooLarge", ended.End!.FailureDetails.InnerFailure.ErrorType);
    }

    [Fact]
    public async Task Worker_that_was_killed_is_followed_by_the_next_one()
    {
        await using var engine = await StubEngine.StartAsync();
        var started = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var hang = true;
        void Configure(WorkflowRuntimeOptions options)
        {
            options.RegisterWorkflow<int, int>("W", async (context, input) => await context.CallActivityAsync<int>("A", input));
            options.RegisterActivity<int, int>("A", async (context, input) =>
            {
                started.TrySetResult();
                await Task.Delay(hang ? Timeout.Infinite : 0, context.CancellationToken);
                return input;
            });
        }

        var worker = await WorkerHost.StartAsync(engine, Configure);
        var run = engine.Start("i1", "W", "5");
        await started.Task.WaitAsync(Patience, Ct);
        hang = false;
        await worker.DisposeAsync();
        await using var next = await WorkerHost.StartAsync(engine, Configure);

        Assert.Equal("5", (await run.WaitAsync(Patience, Ct)).End!.Result);
    }
}
