using Jackpot.Ledger.Dedupe;
using Jackpot.Ledger.Loops;
using Jackpot.Ledger.Telemetry;

namespace Jackpot.Shard.Voids;

/// <summary>
/// Watches the voids that came before their bets: says how many there are, and raises the alarm before there are too many. Bets that reach
/// several jackpots meet such a void in their first jackpot alone; their other parts are taken back here.
/// </summary>
internal sealed partial class WaitingVoids(VoidClaims claims, VoidIntake intake, ShardMetrics metrics, LoopTools tools, ILogger<WaitingVoids> log)
    : HostedLoop(new LoopPlan("waiting-voids", TimeSpan.FromSeconds(5), "voids that came before their bets are looked at later"), tools)
{
    /// <summary>So full the table may be before somebody is told.</summary>
    const long AlarmFrom = VoidClaims.WaitingMax * 8L / 10;

    protected override async Task PassAsync(CancellationToken ct)
    {
        var waiting = await claims.CountAsync(ct);
        metrics.VoidsWait(waiting);
        if (waiting >= AlarmFrom)
        {
            LogFilling(log, waiting, VoidClaims.WaitingMax);
        }

        await FinishAsync(ct);
    }

    /// <summary>Takes back the other parts of bets that have met their void in one of several jackpots.</summary>
    public async Task FinishAsync(CancellationToken ct)
    {
        var met = await claims.MetInPartAsync(PageMax, ct);
        if (met.Count > 0)
        {
            await claims.FinishedAsync([.. (await intake.FinishAsync(met, ct)).Select(early => early.Key16)], ct);
        }
    }

    const int PageMax = 100;

    [LoggerMessage(EventId = 862, Level = LogLevel.Error, Message = "{Waiting} voids wait for bets that have not come, of {Max} that may; look who sends voids without bets")]
    static partial void LogFilling(ILogger logger, long waiting, int max);
}
