using System.Globalization;
using Jackpot.Ledger.Loops;
using Jackpot.Ledger.Parking;
using Jackpot.Shard.Sidecar;

namespace Jackpot.Shard.Quarantine;

/// <summary>
/// Finishes releases that a process began and did not live to finish, or that met a paused jackpot. It looks at all of them, page by page: those of
/// a jackpot that stays paused do not keep the others back.
/// </summary>
internal sealed class QuarantineSweeper(QuarantineStore store, QuarantineRelease release, ParkedRows parked, LoopTools tools)
    : HostedLoop(new LoopPlan("quarantine-sweeper", TimeSpan.FromSeconds(5), "unfinished releases are finished later"), tools)
{
    const int PageMax = 100;

    protected override Task PassAsync(CancellationToken ct) => SweepAsync(ct);

    public async Task SweepAsync(CancellationToken ct)
    {
        var last = 0L;
        List<long> page;
        do
        {
            page = await store.ReleasingAsync(last, PageMax, ct);
            foreach (var id in page)
            {
                await FinishAsync(id, ct);
                last = id;
            }
        }
        while (page.Count == PageMax);
    }

    async Task FinishAsync(long id, CancellationToken ct)
    {
        try
        {
            if (await store.FindAsync(id, ct) is { } entry)
            {
                await release.RecordAsync(entry, ct);
            }
        }
#pragma warning disable CA1031 // The edge of a row: what is wrong with this entry must not keep the next from being recorded.
        catch (Exception fault) when (!RowFault.IsOutage(fault))
#pragma warning restore CA1031
        {
            await parked.ParkAsync(new RowToPark(ParkingSource.Quarantine, id.ToString(CultureInfo.InvariantCulture), [], fault.Message), ct);
        }
    }
}
