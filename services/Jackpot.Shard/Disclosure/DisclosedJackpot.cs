using System.Collections.Immutable;
using Jackpot.Contracts.Jackpots;
using Jackpot.Contracts.Views;
using Jackpot.Core.Disclosure;
using Jackpot.Core.Ids;
using Jackpot.Ledger.Jackpots;

namespace Jackpot.Shard.Disclosure;

/// <summary>A jackpot's terms as they stand in the tables at one moment: those in force, and those that were approved and wait.</summary>
internal sealed record DisclosedJackpot(JackpotTerms Terms, JackpotTerms? Approved, string Status, DateTimeOffset InForceSince)
{
    public RulesView ToView(DateTimeOffset asOf)
    {
        var config = Terms.Config;
        var sections = SectionsOf(Terms);
        var waiting = Approved is null ? [] : Changed(sections, SectionsOf(Approved));
        return new RulesView(
            config.Id.Value, config.Name, config.Currency.Code, Status, Terms.Version, InForceSince, asOf, sections,
            waiting.Length == 0 ? null : waiting);
    }

    static ImmutableArray<RulesSectionView> SectionsOf(JackpotTerms terms) =>
        [.. GameRules.Of(DisclosedTermsOf(terms)).Select(section => RulesTopics.View(section.Topic, section.Sentences))];

    static DisclosedTerms DisclosedTermsOf(JackpotTerms terms) => new(terms.Config, (terms.Definition.Eligibility ?? new EligibilityDefinition()).ToTerms())
    {
        SimultaneousWinners = terms.Definition.SimultaneousWinners ?? default,
        Community = [.. terms.Definition.Pools.Select(pool => (pool.Community ?? []).Select(part => part.ToPart()).ToImmutableArray())],
        Links = [.. (terms.Definition.Links ?? []).Select(JackpotId.Parse)],
    };

    /// <summary>What the approved terms say that those in force do not.</summary>
    static ImmutableArray<RulesSectionView> Changed(ImmutableArray<RulesSectionView> now, ImmutableArray<RulesSectionView> then) =>
    [
        .. now.Zip(then, (before, after) => after with { Sentences = [.. after.Sentences.Except(before.Sentences)] })
            .Where(section => section.Sentences.Count > 0),
    ];
}
