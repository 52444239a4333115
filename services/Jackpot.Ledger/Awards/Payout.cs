using System.Globalization;

namespace Jackpot.Ledger.Awards;

/// <summary>A payout, the share of one winner, as the saga needs it. Amounts are micro-units, whole minor units of the currency.</summary>
internal sealed record Payout(
    string PayoutId, string AwardId, string State, string? Reason, int Attempts, string TenantId, string PlayerId, long AmountMicros, string Currency)
{
    public const string Sharing = "sharing";
    public const string Requested = "requested";
    public const string Crediting = "crediting";
    public const string Credited = "credited";
    public const string Held = "held";

    /// <summary>The payout of an award's winner; also the wallet's transaction id and the workflow's instance id.</summary>
    public static string IdOf(string awardId, int winner = 0) =>
        winner == 0 ? "payout-" + awardId : string.Create(CultureInfo.InvariantCulture, $"payout-{awardId}-{winner}");
}
