using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Jackpot.Core.Amounts;
using Jackpot.Core.Payouts;

namespace Jackpot.Ledger.Awards;

/// <summary>
/// A payout, the share of one winner, as the saga needs it. Amounts are micro-units, whole minor units of the currency; tenant and player are those
/// who are paid, after a re-route others than those who won.
/// </summary>
internal sealed record Payout(
    string PayoutId, string AwardId, PayoutState State, string? Reason, int Attempts, string TenantId, string PlayerId, long AmountMicros, string Currency)
{
    public const string Sharing = "sharing";
    public const string Requested = "requested";
    public const string Crediting = "crediting";
    public const string Credited = "credited";
    public const string Held = "held";

    /// <summary>Attempts in a row that ended in doubt.</summary>
    public int Looks { get; init; }

    /// <summary>Times that it was sent to another account.</summary>
    public int Route { get; init; }

    /// <summary>Of the whole award, all its winners together.</summary>
    public long AwardMicros { get; init; }

    /// <summary>Reasons that two people have overruled.</summary>
    public IReadOnlyList<string> Waived { get; init; } = [];

    /// <summary>What the winner gets, in their own currency; the share as it is where that was not worked out with the drop.</summary>
    public Money Paid
    {
        get => field == default ? new Money(AmountMicros, Core.Amounts.Currency.Parse(Currency)) : field;
        init;
    }

    /// <summary>The game, round and bet that won; null for whoever shares an award of another.</summary>
    public string? GameId { get; init; }

    public string? RoundId { get; init; }

    public string? ContributionId { get; init; }

    public string? JackpotId { get; init; }

    /// <summary>What players see.</summary>
    public string? JackpotName { get; init; }

    public string? Tier { get; init; }

    /// <summary>The part of the community that it belongs to; null for whoever won.</summary>
    public string? Part { get; init; }

    /// <summary>
    /// What the wallet knows the credit by, at most 36 characters; another one after each re-route, since another account is another credit: then
    /// <c>reroute-</c> and the first 96 bits of SHA-256 over <c>{payout id}/{route}</c> in hexadecimal.
    /// </summary>
    public string TransactionId => TransactionIdOf(PayoutId, Route);

    /// <inheritdoc cref="TransactionId"/>
    public static string TransactionIdOf(string payoutId, int route) => route == 0
        ? payoutId
        : $"reroute-{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{payoutId}/{route}"))))[..24]}";

    /// <summary>The payout of an award's winner; also the wallet's transaction id and the workflow's instance id.</summary>
    public static string IdOf(string awardId, int winner = 0) =>
        winner == 0 ? "payout-" + awardId : string.Create(CultureInfo.InvariantCulture, $"payout-{awardId}-{winner}");
}
