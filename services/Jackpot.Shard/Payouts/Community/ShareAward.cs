using Dapr.Workflow;
using Jackpot.Ledger.Archive;
using Jackpot.Ledger.Awards;
using Jackpot.Ledger.Parking;
using Jackpot.Shard.Sidecar;

namespace Jackpot.Shard.Payouts.Community;

/// <summary>
/// Chooses who shares an award, credits those who can be credited together, and starts a saga for each of the others. May run any number of times, also twice at once: the choice is written
/// once and is the same whoever makes it, and a saga that runs is not started again. An award that cannot be shared for a reason in its rows is
/// parked; the sweeper begins anew when staff have released it.
/// Compensation: none. What was shared out is the winners'.
/// </summary>
internal sealed class ShareAward(AwardSharing sharing, BatchCredits batches, PayoutStarter starter, ParkedRows parked) : WorkflowActivity<string, int>
{
    /// <summary>The answer when there is no such award.</summary>
    public const int Unknown = -1;

    /// <summary>The answer when the award was parked.</summary>
    public const int Parked = -2;

    public override async Task<int> RunAsync(WorkflowActivityContext context, string input)
    {
        IReadOnlyList<string>? payouts;
        try
        {
            payouts = await sharing.ShareAsync(input, CancellationToken.None);
        }
#pragma warning disable CA1031 // The edge of a row: what is wrong with this award is told, and is not tried for ever.
        catch (Exception fault) when (fault is not ArchivedRowsException && !RowFault.IsOutage(fault))
        {
            await parked.ParkAsync(new RowToPark(ParkingSource.Payout, Payout.IdOf(input), [], fault.Message), CancellationToken.None);
            return Parked;
        }

        try
        {
            await starter.StartAllAsync(await batches.CreditAsync(payouts ?? [], CancellationToken.None), CancellationToken.None);
        }
        catch (Exception fault) when (!RowFault.IsOutage(fault))
        {
            // The award is shared; the sweeper comes to every payout by itself, and parks the one that is to blame.
        }
#pragma warning restore CA1031

        return payouts?.Count ?? Unknown;
    }
}
