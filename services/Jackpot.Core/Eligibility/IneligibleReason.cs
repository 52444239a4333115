namespace Jackpot.Core.Eligibility;

/// <summary>Why a bet does not take part, in the order in which it is looked at: what protects the player comes first.</summary>
public enum IneligibleReason
{
    SelfExcluded,
    HouseAccount,
    JackpotNotActive,
    EventNotStarted,
    EventEnded,
    NotYourPot,
    BrandNotIncluded,
    CountryNotIncluded,
    GameNotIncluded,
    SegmentNotIncluded,
    NotOptedIn,
    ConsentOutdated,
    FundingNotTaken,
    CurrencyNotTaken,
    StakeTooSmall,
    StakeTooLarge,
}
