using System.Collections.Immutable;
using Jackpot.Contracts.Jackpots;
using Jackpot.Core.Amounts;
using Jackpot.Core.Eligibility;
using Jackpot.Core.Ids;
using Jackpot.Core.Limits;
using Jackpot.Core.Links;

namespace Jackpot.Ledger.Jackpots;

/// <summary>Who and what takes part in a jackpot, as the rules see it. A jackpot that asks for nothing has nulls and empty lists, and costs nothing.</summary>
internal sealed class ParticipationTerms
{
    EligibilityTerms? _inEveryCurrency;

    /// <exception cref="FormatException">Something breaks its grammar.</exception>
    public ParticipationTerms(JackpotDefinition definition)
    {
        Home = Currency.Parse(definition.Currency);
        Eligibility = definition.Eligibility?.ToTerms();
        BandsFromHome = definition.Eligibility?.BandsFromHome ?? false;
        Limits = definition.Limits?.ToLimits();
        Links = [.. (definition.Links ?? []).Select(JackpotId.Parse)];
        Sources = [.. (definition.Sources ?? []).Select(source => source.ToSource())];
        Callers = definition.Callers is { } callers ? [.. callers] : definition.Tenants is [var only] ? [only] : [];
    }

    public Currency Home { get; }

    /// <summary>As written; null when everybody may take part.</summary>
    public EligibilityTerms? Eligibility { get; }

    public ContributionLimits? Limits { get; }

    public ImmutableArray<JackpotId> Links { get; }

    public ImmutableArray<Source> Sources { get; }

    /// <summary>Tenants who may drop external pools: those that are named. A jackpot of one tenant need not name it.</summary>
    public ImmutableArray<string> Callers { get; }

    bool BandsFromHome { get; }

    /// <summary>With the home band turned into a round band for every rate, when the terms ask for that. Rates are those of this process's start.</summary>
    public EligibilityTerms? WithBands(Func<Currency, IEnumerable<FxRate>> ratesTo)
    {
        if (!BandsFromHome || Eligibility is not { Bands: [{ } home] })
        {
            return Eligibility;
        }

        // Two threads may both make it; they make the same.
        return _inEveryCurrency ??= Eligibility with
        {
            // A currency in which no round stake lies within the band is not taken.
            Bands = [home, .. ratesTo(Home).Select(rate => StakeBands.In(home, rate)).OfType<StakeBand>()],
        };
    }
}
