using System.Collections.Immutable;
using Jackpot.Core.Community;
using Jackpot.Core.Pools;

namespace Jackpot.Core.Disclosure;

/// <summary>One heading of the rules that players can read, and what stands under it.</summary>
public sealed record RulesSection(RulesTopic Topic, ImmutableArray<string> Sentences);

/// <summary>What the rules of a jackpot must tell (UKGC RTS 9A; GLI-19 4.7.2, 4.8.6, 4.13.8).</summary>
public enum RulesTopic
{
    Kind,
    Funding,
    Seed,
    Ceiling,
    Trigger,
    Odds,
    Return,
    SeveralWinners,
    Community,
    Eligibility,
    Interruption,
}

/// <summary>Writes the rules of a jackpot from the very terms that it runs under, so that they cannot say anything else (R33 to R38).</summary>
public static class GameRules
{
    /// <summary>Every topic once, in the order of <see cref="RulesTopic"/>; a sentence per tier where tiers differ.</summary>
    public static ImmutableArray<RulesSection> Of(DisclosedTerms terms)
    {
        var config = terms.Config;
        var words = new PoolWireNames(config.Currency);
        return
        [
            new(RulesTopic.Kind, PerPool(config, words.Kind)),
            new(RulesTopic.Funding, [Funding(config.Funding), .. MoneyWireNames.Of(config), .. PerPool(config, PoolWireNames.Funding), .. Links(terms)]),
            new(RulesTopic.Seed, PerPool(config, words.Seed)),
            new(RulesTopic.Ceiling, PerPool(config, words.Ceiling)),
            new(RulesTopic.Trigger, PerPool(config, words.Trigger)),
            new(RulesTopic.Odds, PerPool(config, words.Odds)),
            new(RulesTopic.Return, PerPool(config, PoolWireNames.Return)),
            new(RulesTopic.SeveralWinners, [SeveralWinners(config), .. NamedTogether(terms)]),
            new(RulesTopic.Community, [.. config.Pools.SelectMany((pool, tier) => CommunityWireNames.Of(pool.Id, terms.CommunityOf(tier)))]),
            new(RulesTopic.Eligibility, EligibilityWireNames.Of(terms.Eligibility)),
            new(RulesTopic.Interruption, ["While the jackpot is paused it takes nothing and pays nothing; it resumes with the identical amounts."]),
        ];
    }

    static ImmutableArray<string> PerPool(JackpotConfig config, Func<PoolConfig, string> sentence) =>
        [.. config.Pools.Select(pool => $"{pool.Id}: {sentence(pool)}")];

    static string Funding(FundingMode funding) => funding switch
    {
        FundingMode.PartOfStake => "A part of every qualifying bet feeds the jackpot.",
        FundingMode.SideBet => "Players who opted in place a second, small bet that feeds the jackpot.",
        FundingMode.Marketing => "The operator feeds the jackpot; it costs players nothing.",
        _ => throw new InvalidOperationException($"Funding {funding} has no words."),
    };

    static string SeveralWinners(JackpotConfig config) => config.TiersPerBetMax >= config.Pools.Length
        ? "Every bet has its own place in line, so no two bets win the same prize; a bet that wins several tiers is paid each in full."
        : $"Every bet has its own place in line, so no two bets win the same prize; a bet wins at most {config.TiersPerBetMax} tiers, those with the highest amounts.";

    static IEnumerable<string> Links(DisclosedTerms terms) =>
        terms.Links.IsEmpty ? [] : [$"The same bets also feed these jackpots, under their own rules: {string.Join(", ", terms.Links)}."];

    // Bets cannot tie; only an external trigger can name several winners at once (R36, R40).
    static IEnumerable<string> NamedTogether(DisclosedTerms terms) => !terms.Config.Pools.Any(pool => pool.Trigger is ExternalTrigger)
        ? []
        : terms.SimultaneousWinners switch
        {
            SimultaneousPolicy.Split => ["When a game names several winners at the same moment, they share the prize equally; what cannot be split goes to the first named."],
            SimultaneousPolicy.EachInFull => ["When a game names several winners at the same moment, each of them is paid the whole prize."],
            SimultaneousPolicy.InOrder => ["When a game names several winners at the same moment, the first named is paid the prize and each of the others what the jackpot starts from afterwards."],
            _ => throw new InvalidOperationException($"Policy {terms.SimultaneousWinners} has no words."),
        };
}
