using Jackpot.Ledger.Loops;

namespace Jackpot.Shard.Refunds;

/// <summary>Carries approved refunds out, on whichever replica comes first, until none is left.</summary>
internal sealed class RefundLoop(RefundRun run, LoopTools tools)
    : HostedLoop(new LoopPlan("refunds", TimeSpan.FromSeconds(1), "approved refunds go on later, where they stopped"), tools)
{
    /// <summary>Stretches of one pass; the next pass goes on.</summary>
    const int StepsMax = 100;

    protected override async Task PassAsync(CancellationToken ct)
    {
        for (var step = 0; step < StepsMax && await run.StepAsync(ct); step++)
        {
        }
    }
}
