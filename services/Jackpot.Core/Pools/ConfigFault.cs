using Jackpot.Core.Ids;

namespace Jackpot.Core.Pools;

/// <summary>One thing that is wrong with a configuration.</summary>
/// <param name="Kind">What rule is broken.</param>
/// <param name="Pool">The tier it was found in, or null when it concerns the whole jackpot.</param>
/// <param name="Message">What was set, and what is allowed.</param>
public sealed record ConfigFault(ConfigFaultKind Kind, PoolId? Pool, string Message);

/// <summary>The rules that a configuration can break, in the order in which they are checked.</summary>
public enum ConfigFaultKind
{
    NameMissing,
    NameTooLong,
    NoPools,
    TooManyPools,
    PoolIdRepeated,
    TiersPerBetOutOfRange,
    RatesAboveWhole,
    ContributionRateZero,
    FixedCannotGrow,
    SeedNegative,
    SeedNotWholeMinorUnits,
    SeedNotPayable,
    SeedBoostOutOfRange,
    CeilingNotWholeMinorUnits,
    CeilingNotAboveSeed,
    TurnoverNotPositive,
    MinNotPayable,
    MinNotWholeMinorUnits,
    MaxNotWholeMinorUnits,
    MinAboveMax,
    MinBelowSeed,
    MaxNotAboveSeed,
    MaxAboveCeiling,
    FixedCannotReachAmount,
    WeightsOutOfRange,
    TimeZoneUnknown,
    MinuteOutOfRange,
    TicketPriceNotPositive,
    WinnersOutOfRange,
    AmountTooLarge,
    SeedsNotCalculable,
    SeedsNotAffordable,
}
