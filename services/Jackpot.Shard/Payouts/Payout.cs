namespace Jackpot.Shard.Payouts;

/// <summary>A payout as the saga needs it. Amounts are micro-units, whole minor units of the currency.</summary>
internal sealed record Payout(
    string PayoutId, string AwardId, string State, string? Reason, int Attempts, string TenantId, string PlayerId, long AmountMicros, string Currency)
{
    public const string Requested = "requested";
    public const string Crediting = "crediting";
    public const string Credited = "credited";
    public const string Held = "held";

    /// <summary>The payout of an award; also the wallet's transaction id and the workflow's instance id.</summary>
    public static string IdOf(string awardId) => "payout-" + awardId;
}
