using Jackpot.Ledger.Loops;
using Jackpot.Ledger.Parking;
using Jackpot.Ledger.Telemetry;
using Jackpot.Shard.Sidecar;

namespace Jackpot.Shard.Payouts;

/// <summary>
/// Finds payouts that stand still, whatever was lost on the way (a message, a workflow, a process), and starts their saga again.
/// </summary>
internal sealed class PayoutSweeper(PayoutStore payouts, PayoutStarter starter, ParkedRows parked, ShardMetrics metrics, LoopTools tools)
    : HostedLoop(new LoopPlan("payout-sweeper", TimeSpan.FromSeconds(5), "payouts that stand still are started later"), tools)
{
    const int PayoutsMax = 100;
    static readonly TimeSpan StalledAfter = TimeSpan.FromSeconds(15);

    protected override async Task PassAsync(CancellationToken ct)
    {
        metrics.PayoutsAreOpen(await payouts.CountOpenAsync(ct));
        await SweepAsync(ct);
    }

    /// <summary>Starts many at once: while the engine stands still each start takes its whole deadline.</summary>
    public async Task SweepAsync(CancellationToken ct) => await Parallel.ForEachAsync(
        await payouts.FindStalledAsync(StalledAfter, PayoutsMax, ct), new ParallelOptions { MaxDegreeOfParallelism = PayoutStarter.AtOnceMax, CancellationToken = ct }, StartAsync);

    async ValueTask StartAsync(StalledPayout stalled, CancellationToken ct)
    {
        try
        {
            await (stalled.IsSharing ? starter.StartSharingAsync(stalled.AwardId, ct) : starter.StartAsync(stalled.PayoutId, ct));
        }
#pragma warning disable CA1031 // The edge of a row: what is wrong with this payout must not keep the next from being paid.
        catch (Exception fault) when (!RowFault.IsOutage(fault))
#pragma warning restore CA1031
        {
            await parked.ParkAsync(new RowToPark(ParkingSource.Payout, stalled.PayoutId, [], fault.Message), ct);
        }
    }
}
