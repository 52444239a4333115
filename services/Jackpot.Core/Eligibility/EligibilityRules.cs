using System.Collections.Immutable;
using Jackpot.Core.Pools;

namespace Jackpot.Core.Eligibility;

/// <summary>Decides whether a bet takes part. A bet that does not is told why (R35, R37, R38).</summary>
public static class EligibilityRules
{
    static readonly IneligibleReason[] InOrder = Enum.GetValues<IneligibleReason>();

    /// <summary>The first reason against it, which is the answer to the player; null when it takes part.</summary>
    public static IneligibleReason? First(EligibilityTerms terms, JackpotStatus status, Candidate candidate)
    {
        foreach (var reason in InOrder)
        {
            if (Holds(reason, terms, status, candidate))
            {
                return reason;
            }
        }

        return null;
    }

    /// <summary>Every reason against it, in their fixed order; empty when it takes part. The first one is the answer to the player.</summary>
    public static ImmutableArray<IneligibleReason> Check(EligibilityTerms terms, JackpotStatus status, Candidate candidate) =>
        [.. InOrder.Where(reason => Holds(reason, terms, status, candidate))];

    static bool Holds(IneligibleReason reason, EligibilityTerms terms, JackpotStatus status, Candidate candidate) => reason switch
    {
        IneligibleReason.SelfExcluded => candidate.PlayerStatus == PlayerStatus.SelfExcluded,
        IneligibleReason.HouseAccount => candidate.PlayerStatus == PlayerStatus.HouseAccount,
        IneligibleReason.JackpotNotActive => status != JackpotStatus.Active,
        IneligibleReason.EventNotStarted => candidate.AtUnixMs < terms.Runs?.FromUnixMs,
        IneligibleReason.EventEnded => candidate.AtUnixMs >= terms.Runs?.UntilUnixMs,
        IneligibleReason.NotYourPot => terms.Owner is { } owner && owner != candidate.Player,
        IneligibleReason.BrandNotIncluded => Outside(terms.Brands, candidate.Brand),
        IneligibleReason.CountryNotIncluded => Outside(terms.Countries, candidate.Country),
        IneligibleReason.GameNotIncluded => Outside(terms.Games, candidate.Game),
        IneligibleReason.SegmentNotIncluded => !terms.Segments.IsEmpty && !terms.Segments.Intersect(candidate.Segments).Any(),
        IneligibleReason.NotOptedIn => terms.ConsentVersion is not null && candidate.ConsentVersion is null,
        IneligibleReason.ConsentOutdated => candidate.ConsentVersion < terms.ConsentVersion,
        IneligibleReason.FundingNotTaken => !terms.Fundings.Contains(candidate.Funding),
        IneligibleReason.CurrencyNotTaken => !terms.Bands.IsEmpty && Band(terms, candidate) is null,
        IneligibleReason.StakeTooSmall => candidate.Stake.Micros < Band(terms, candidate)?.MinMicros,
        IneligibleReason.StakeTooLarge => candidate.Stake.Micros > Band(terms, candidate)?.MaxMicros,
        _ => throw new InvalidOperationException($"Reason {reason} has no rule."),
    };

    static bool Outside<T>(ImmutableArray<T> included, T value) => !included.IsEmpty && !included.Contains(value);

    static StakeBand? Band(EligibilityTerms terms, Candidate candidate) =>
        terms.Bands.FirstOrDefault(band => band.Currency == candidate.Stake.Currency);
}
