using Jackpot.Contracts.Jackpots;
using Jackpot.Core.Eligibility;
using Jackpot.Core.Ids;
using Jackpot.Core.Links;
using Jackpot.Core.Pools;
using Jackpot.Ledger.Jackpots;

namespace Jackpot.Shard.Jackpots;

/// <summary>What is wrong with the part of a definition that says who and what takes part. Looked at before any definition is stored.</summary>
internal static class ParticipationFaults
{
    const int SourcesMax = 64;

    public static IEnumerable<string> Of(JackpotDefinition definition)
    {
        if (HasNull(definition))
        {
            return ["A list of 'eligibility', 'links', 'sources' or 'callers' holds null."];
        }

        if (Unreadable(definition) is { } unreadable)
        {
            return [unreadable + "."];
        }

        return [.. Bands(definition), .. Limits(definition.Limits), .. Links(definition), .. Sources(definition), .. Callers(definition)];
    }

    // JSON's null fits where the type says nothing of it.
    static bool HasNull(JackpotDefinition definition) =>
        new IEnumerable<object?>?[]
        {
            definition.Links, definition.Sources, definition.Callers, definition.Eligibility?.Brands, definition.Eligibility?.Countries, definition.Eligibility?.Games,
            definition.Eligibility?.Segments, definition.Eligibility?.Bands,
        }.Any(list => list?.Contains(null) is true) || definition.Sources?.Any(source => source.Name is null) is true;

    static string? Unreadable(JackpotDefinition definition)
    {
        try
        {
            _ = new ParticipationTerms(definition);
            return null;
        }
        catch (FormatException e)
        {
            return e.Message;
        }
    }

    static IEnumerable<string> Bands(JackpotDefinition definition)
    {
        var eligibility = definition.Eligibility;
        var bands = eligibility?.Bands ?? [];
        foreach (var band in bands.Where(band => band.MinMicros > band.MaxMicros))
        {
            yield return $"'eligibility.bands': in {band.Currency} 'min' is above 'max'.";
        }

        if (bands.Select(band => band.Currency).Distinct().Count() != bands.Count)
        {
            yield return "'eligibility.bands' names a currency twice.";
        }

        if (eligibility?.BetFunding is { } funding && (funding.Count == 0 || funding.Distinct().Count() != funding.Count))
        {
            yield return "'eligibility.bet_funding' names at least one of cash, bonus and free_round, and none twice; left out it is cash and bonus.";
        }

        if (eligibility?.BetFundingWins is { } wins && (wins.Count == 0 || wins.Distinct().Count() != wins.Count || wins.Except(eligibility.BetFunding ?? EligibilityTerms.FundingsDefault).Any()))
        {
            yield return "'eligibility.bet_funding_wins' names at least one of what feeds the jackpot, and none twice; left out all of it wins.";
        }

        if (eligibility?.BetFundingWins is not null && definition.Pools.Any(pool => pool.Trigger is RaffleTriggerDefinition or ExternalTriggerDefinition || pool.Community is not null))
        {
            yield return "'eligibility.bet_funding_wins' is for pools that bets drop: who wins a raffle, an external pool or a share for others is not decided by one bet's money.";
        }

        if (eligibility?.BandsFromHome is true && !(bands is [var home] && home.Currency == definition.Currency))
        {
            yield return $"'eligibility.bands_from_home' needs exactly one band, in {definition.Currency}.";
        }

        if (definition.Funding == Core.Pools.FundingMode.SideBet && (bands.Count == 0 || eligibility?.ConsentVersion is null))
        {
            yield return "'funding' is side_bet: give 'eligibility.bands' and 'eligibility.consent_version', for a side bet is only placed for players who opted in.";
        }
    }

    static IEnumerable<string> Limits(LimitsDefinition? limits)
    {
        if (limits?.WindowSeconds is <= 0)
        {
            yield return $"'limits.window_seconds' is {limits.WindowSeconds}; it must be above zero.";
        }

        if (limits?.StakeMicrosMax is <= 0 || limits?.WindowMicrosMax is <= 0)
        {
            yield return "'limits': a limit of zero would hold every bet back; leave it out or pause the jackpot.";
        }
    }

    static IEnumerable<string> Links(JackpotDefinition definition)
    {
        var links = definition.Links ?? [];
        if (links.Count > LinkRules.LinksMax)
        {
            yield return $"'links' names {links.Count} jackpots; at most {LinkRules.LinksMax} are allowed.";
        }

        if (links.Contains(definition.JackpotId))
        {
            yield return "'links' names the jackpot itself.";
        }
    }

    static IEnumerable<string> Sources(JackpotDefinition definition)
    {
        var sources = definition.Sources ?? [];
        if (sources.Count > SourcesMax)
        {
            yield return $"'sources' has {sources.Count} entries; at most {SourcesMax} are allowed.";
        }

        if (sources.Any(source => !ContributionId.TryParse(source.Name, out _)))
        {
            yield return "'sources': a name has 1 to 200 characters without control characters.";
        }
    }

    // Whoever triggers an external pool says who is paid, so a shared jackpot must say whom it trusts with that.
    static IEnumerable<string> Callers(JackpotDefinition definition)
    {
        var strangers = (definition.Callers ?? []).Except(definition.Tenants).ToList();
        if (strangers.Count > 0)
        {
            yield return $"'callers' names {string.Join(", ", strangers)}, but only 'tenants' can drop its pools.";
        }

        if (definition.Callers is null or [] && definition.Tenants.Length > 1 && definition.Pools.Any(pool => pool.Trigger is ExternalTriggerDefinition))
        {
            yield return "'callers' must name who of the 'tenants' may drop the external pool; of a jackpot that several share nobody may unless named.";
        }
    }
}
