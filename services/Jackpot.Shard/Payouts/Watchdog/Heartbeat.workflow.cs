using Dapr.Workflow;

namespace Jackpot.Shard.Payouts.Watchdog;

/// <summary>Does nothing; that it ends shows that the engine takes work.</summary>
internal sealed class HeartbeatWorkflow : Workflow<string, string>
{
    public override Task<string> RunAsync(WorkflowContext context, string input) => Task.FromResult(input);
}
