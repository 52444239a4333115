using Jackpot.Core.Amounts;
using Jackpot.Core.Chain;

namespace Jackpot.Core.Eligibility;

/// <summary>A player's consent to take part, and the side bet they chose.</summary>
/// <param name="Player">A hash: who it is stays in the region.</param>
/// <param name="ConsentVersion">The version of the terms that they agreed to.</param>
/// <param name="PreferredStake">The side bet that they want to place; null for the smallest.</param>
/// <param name="AtUnixMs">When they agreed.</param>
public sealed record OptIn(Hash16 Player, int ConsentVersion, Money? PreferredStake, long AtUnixMs);

/// <summary>Why an opt-in was refused, or that it was not. Checked in this order.</summary>
public enum OptInAnswer
{
    OptedIn,
    SelfExcluded,
    HouseAccount,

    /// <summary>The terms have changed since; the player must see the new ones.</summary>
    ConsentOutdated,
    CurrencyNotTaken,
    PreferredStakeOutOfBand,
}

/// <summary>Decides over opt-ins, and over the side bet that one leads to.</summary>
public static class OptInRules
{
    /// <summary>Whether an opt-in may be stored. Self-exclusion is looked at before anything else.</summary>
    public static OptInAnswer Check(EligibilityTerms terms, PlayerStatus status, OptIn optIn) => status switch
    {
        PlayerStatus.SelfExcluded => OptInAnswer.SelfExcluded,
        PlayerStatus.HouseAccount => OptInAnswer.HouseAccount,
        _ when optIn.ConsentVersion != (terms.ConsentVersion ?? optIn.ConsentVersion) => OptInAnswer.ConsentOutdated,
        _ when optIn.PreferredStake is { } preferred && !terms.Bands.IsEmpty => CheckStake(Band(terms, preferred.Currency), preferred),
        _ => OptInAnswer.OptedIn,
    };

    /// <summary>
    /// The side bet that a player places now: what they prefer, held within the band in force, which may have changed since;
    /// the smallest when they prefer nothing in this currency. Null when the currency has no band.
    /// </summary>
    public static Money? SideBet(EligibilityTerms terms, OptIn optIn, Currency currency)
    {
        if (Band(terms, currency) is not { } band)
        {
            return null;
        }

        var preferred = optIn.PreferredStake is { } stake && stake.Currency == currency ? stake.Micros : band.MinMicros;
        return new Money(Math.Clamp(preferred, band.MinMicros, band.MaxMicros), currency);
    }

    static OptInAnswer CheckStake(StakeBand? band, Money preferred) => band switch
    {
        null => OptInAnswer.CurrencyNotTaken,
        _ when preferred.Micros < band.MinMicros || preferred.Micros > band.MaxMicros => OptInAnswer.PreferredStakeOutOfBand,
        _ => OptInAnswer.OptedIn,
    };

    static StakeBand? Band(EligibilityTerms terms, Currency currency) => terms.Bands.FirstOrDefault(band => band.Currency == currency);
}
