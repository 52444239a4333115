using Jackpot.Core.Amounts;
using Jackpot.Ledger.Contributions;

namespace Jackpot.Ledger.Awards;

/// <summary>The currency that a winner bets in and the rate, in billionths of the jackpot's currency, that their bet was counted at.</summary>
internal sealed record PlayerRate(string Currency, long RateNanos, int Version)
{
    const long Same = 1_000_000_000;

    /// <summary>Null when the bet was in the jackpot's own currency.</summary>
    public static PlayerRate? Of(in AcceptedContribution contribution) =>
        contribution.RateVersion == 0 ? null : new PlayerRate(contribution.BetCurrency, contribution.RateNanos, contribution.RateVersion);

    /// <summary>As the tables have it.</summary>
    public static (string Currency, long Nanos, int Version) Columns(PlayerRate? rate, Currency pot) =>
        rate is null ? (pot.Code, Same, 0) : (rate.Currency, rate.RateNanos, rate.Version);

    /// <summary>What of a share is paid and what is left. A share that cannot be counted in the winner's currency is paid in the jackpot's.</summary>
    public static (PlayerAmount Amount, PlayerRate? Rate) Split(Money share, PlayerRate? rate)
    {
        if (rate is null || !Core.Amounts.Currency.TryParse(rate.Currency, out var own))
        {
            return (PlayerAmount.Of(share), null);
        }

        try
        {
            return (PlayerAmount.Of(share, new FxRate(own, share.Currency, rate.RateNanos, rate.Version)), rate);
        }
        catch (OverflowException)
        {
            return (PlayerAmount.Of(share), null);
        }
    }
}
