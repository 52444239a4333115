using Dapr.Workflow;
using Jackpot.Shard.Payouts;
using Jackpot.Shard.Payouts.Community;

namespace Jackpot.Shard.Tests.Payouts;

/// <summary>
/// Workflows that were under way when a version was replaced go on in the next one: today's code is told what happened to those that were recorded, and wants what
/// they wanted then, turn by turn, in the SDK's own worker.
/// </summary>
public sealed class RecordedHistoryTests
{
    public static TheoryData<string> Roads => [.. RecordedHistory.Roads];

    [Theory]
    [MemberData(nameof(Roads))]
    public async Task Todays_code_goes_on_where_a_recorded_workflow_stood(string road)
    {
        var history = RecordedHistory.Read(road);
        await using var sidecar = await ReplaySidecar.StartAsync(options =>
        {
            options.RegisterWorkflow<PayoutWorkflow>();
            options.RegisterWorkflow<ShareWorkflow>();
        });

        Assert.NotEmpty(history.Events);
        foreach (var (past, news, wanted) in history.Turns())
        {
            var answer = await sidecar.AskAsync(history.InstanceId, past, news);
            Assert.Equal(wanted, answer.Actions.Select(RecordedHistory.WantedOf));
        }
    }

    [Fact]
    public void Every_road_of_a_payout_is_recorded() => Assert.Equal(["activity-failed", "doubt", "held", "shared", "straight"], RecordedHistory.Roads);

    [Fact]
    public void The_SDK_has_no_replay_of_its_own_that_would_do_better() => Assert.DoesNotContain(
        typeof(DaprWorkflowClient).Assembly.GetExportedTypes(),
        type => type.Name.Contains("Replay", StringComparison.Ordinal) || type.Namespace!.StartsWith("Dapr.Workflow.Worker", StringComparison.Ordinal));

    [Fact]
    public async Task Code_that_has_come_to_do_something_else_is_found_out()
    {
        var history = RecordedHistory.Read("doubt");
        await using var sidecar = await ReplaySidecar.StartAsync(options => options.RegisterWorkflow<string, string>(nameof(PayoutWorkflow), async (context, input) =>
        {
            await context.CallActivityAsync<string>("AnotherStepBefore", input);
            return (await context.CallActivityAsync<CreditOutcome>(nameof(CreditWinner), input)).ToString();
        }));

        var differs = false;
        foreach (var (past, news, wanted) in history.Turns())
        {
            var answer = await sidecar.AskAsync(history.InstanceId, past, news);
            differs |= !wanted.SequenceEqual(answer.Actions.Select(RecordedHistory.WantedOf));
        }

        Assert.True(differs);
    }
}
