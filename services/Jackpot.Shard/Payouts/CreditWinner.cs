using Dapr.Workflow;
using Jackpot.Core.Eligibility;
using Jackpot.Ledger.Awards;
using Jackpot.Ledger.Parking;
using Jackpot.Shard.Players;
using Jackpot.Shard.Sidecar;

namespace Jackpot.Shard.Payouts;

/// <summary>How far one attempt to credit came.</summary>
internal enum CreditOutcome
{
    Credited,
    Held,
    InDoubt,

    /// <summary>There is no such payout, so that asking again can change nothing.</summary>
    Unknown,

    /// <summary>The rows do not let it be paid, and asking again changes nothing before staff have mended them and released it.</summary>
    Parked,
}

/// <summary>
/// Check and credit in one step, because every step between trigger and money costs the winner time. May run any number of times, also
/// twice at once: the wallet applies a payout id at most once, and an attempt that was begun before is queried before it is repeated.
/// Compensation: none. A credit is never taken back by the platform; a refusal goes to the held queue. A payout that cannot be paid for a reason in
/// its rows is parked, which is counted and logged as an error: its state stays, for that says whether the wallet may have paid already.
/// </summary>
internal sealed class CreditWinner(PayoutStore payouts, WalletClient wallet, PlayerStatusStore statuses, ParkedRows parked) : WorkflowActivity<string, CreditOutcome>
{
    public override async Task<CreditOutcome> RunAsync(WorkflowActivityContext context, string input)
    {
        try
        {
            return await CreditAsync(input, CancellationToken.None);
        }
#pragma warning disable CA1031 // The edge of a row: what is wrong with this payout is kept and logged, and is not tried for ever.
        catch (Exception fault) when (!RowFault.IsOutage(fault))
#pragma warning restore CA1031
        {
            await parked.ParkAsync(new RowToPark(ParkingSource.Payout, input, [], fault.Message), CancellationToken.None);
            return CreditOutcome.Parked;
        }
    }

    async Task<CreditOutcome> CreditAsync(string input, CancellationToken ct)
    {
        var payout = await payouts.BeginAttemptAsync(input, ct);
        return payout?.State switch
        {
            null => CreditOutcome.Unknown,
            Payout.Credited => CreditOutcome.Credited,
            Payout.Held => CreditOutcome.Held,

            // Too early: how much of it is this winner's is not known yet.
            Payout.Sharing => CreditOutcome.InDoubt,
            _ => await RecordAsync(payout!, await AskAsync(payout!, ct), ct),
        };
    }

    async Task<WalletAnswer> AskAsync(Payout payout, CancellationToken ct)
    {
        var known = payout.State == Payout.Crediting ? await wallet.FindAsync(payout, ct) : new WalletAnswer.NotFound();
        if (known is not WalletAnswer.NotFound)
        {
            return known;
        }

        return await AgainstAsync(payout, ct) is { } reason ? new WalletAnswer.Refused(reason) : await wallet.CreditAsync(payout, ct);
    }

    /// <summary>
    /// Why a winner is not paid without a decision of staff: they were excluded, or found to be a house account, after the drop, or the bet that won was taken back. Read from the table right before
    /// the money is sent. What the wallet may have been sent already is asked about first.
    /// </summary>
    async Task<string?> AgainstAsync(Payout payout, CancellationToken ct) =>
        (await statuses.FindAsync(payout.TenantId, payout.PlayerId, ct)).Status switch
        {
            PlayerStatus.SelfExcluded => "player_self_excluded",
            PlayerStatus.HouseAccount => "player_is_house_account",
            _ => await payouts.IsBetVoidedAsync(payout, ct) ? "bet_voided" : null,
        };

    async Task<CreditOutcome> RecordAsync(Payout payout, WalletAnswer answer, CancellationToken ct)
    {
        switch (answer)
        {
            case WalletAnswer.Done:
                await payouts.MarkCreditedAsync(payout, ct);
                return CreditOutcome.Credited;
            case WalletAnswer.Refused refused:
                await payouts.MarkHeldAsync(payout, refused.Reason, ct);
                return CreditOutcome.Held;
            default:
                return CreditOutcome.InDoubt;
        }
    }
}
