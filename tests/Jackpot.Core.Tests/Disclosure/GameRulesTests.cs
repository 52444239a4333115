using Jackpot.Core.Amounts;
using Jackpot.Core.Community;
using Jackpot.Core.Disclosure;
using Jackpot.Core.Eligibility;
using Jackpot.Core.Ids;
using Jackpot.Core.Pools;
using Jackpot.Core.Tests.Play;
using static Jackpot.Core.Tests.Play.Terms;

namespace Jackpot.Core.Tests.Disclosure;

public sealed class GameRulesTests
{
    static readonly EligibilityTerms Everybody = new();

    [Fact]
    [Trait("Rule", "R36")]
    public void The_rules_tell_every_topic_once_and_in_order() =>
        Assert.Equal(Enum.GetValues<RulesTopic>(), Rules(Of(Random())).Select(section => section.Topic));

    [Theory]
    [Trait("Rule", "R33")]
    [Trait("Rule", "R34")]
    [Trait("Rule", "R35")]
    [Trait("Rule", "R36")]
    [InlineData(RulesTopic.Kind, "main: a progressive jackpot; it grows with every qualifying bet until it is won.")]
    [InlineData(RulesTopic.Funding, "main: 1.00 % of the bet goes into the amount shown, 0.25 % is set aside for the next start.")]
    [InlineData(RulesTopic.Seed, "main: starts from 5.00 EUR.")]
    [InlineData(RulesTopic.Ceiling, "main: never exceeds 12.00 EUR; it stays there until won, and what comes in above is set aside for coming starts.")]
    [InlineData(RulesTopic.Trigger, "main: must be won between 10.00 EUR and 12.00 EUR, at an amount drawn in advance that nobody knows.")]
    [InlineData(RulesTopic.Odds, "main: for each 1 EUR bet, the average chance is 1 in 600.")]
    [InlineData(RulesTopic.Return, "main: adds 1.833333 % of the bet to the average return of the game.")]
    public void A_must_drop_is_described_from_its_terms(RulesTopic topic, string sentence) =>
        Assert.Equal(sentence, Section(Of(MustDrop()), topic)[^1]);

    [Theory]
    [Trait("Rule", "R12")]
    [InlineData(100_000_000, false)]
    [InlineData(100_000_001, true)]
    public void Odds_longer_than_one_in_a_hundred_million_are_pointed_out(long turnover, bool pointedOut)
    {
        var odds = Section(Of(Random() with { Trigger = new RandomTrigger(turnover * Unit) }), RulesTopic.Odds)[0];
        Assert.Contains($"1 in {turnover}", odds, StringComparison.Ordinal);
        Assert.Equal(pointedOut, odds.EndsWith("These odds are longer than 1 in 100000000.", StringComparison.Ordinal));
    }

    [Fact]
    [Trait("Rule", "R37")]
    public void Whatever_kind_of_pool_there_is_can_be_described()
    {
        var random = SeededRandom.New();
        for (var i = 0; i < 500; i++)
        {
            var config = Any(random, AllFeatures.On);
            Assert.All(Rules(config), section => Assert.All(section.Sentences, Assert.NotEmpty));
            Assert.Equal(config.Pools.Length, Section(config, RulesTopic.Trigger).Length);
        }
    }

    [Fact]
    [Trait("Rule", "R36")]
    [Trait("Rule", "R40")]
    public void What_happens_to_several_winners_is_told()
    {
        var two = Of(Random("a"), Random("b"));
        Assert.Contains("each in full", Section(two, RulesTopic.SeveralWinners)[0], StringComparison.Ordinal);
        Assert.Contains("at most 1 tiers, those with the highest amounts", Section(two with { TiersPerBetMax = 1 }, RulesTopic.SeveralWinners)[0], StringComparison.Ordinal);
    }

    [Fact]
    [Trait("Rule", "R38")]
    public void Who_may_take_part_is_told()
    {
        var terms = new EligibilityTerms
        {
            Brands = [TenantId.Parse("brand-42")], Countries = ["MT", "SE"], Games = [GameId.Parse("starfall")], Segments = ["gold"], ConsentVersion = 1,
            Runs = new EventTime(1_000, 2_000), Owner = default(Core.Chain.Hash16), Bands = [new StakeBand(Euro, 100_000, 5 * Unit)],
        };
        var told = GameRules.Of(new DisclosedTerms(Of(Random()), terms)).Single(section => section.Topic == RulesTopic.Eligibility).Sentences;
        Assert.Equal(9, told.Length);
        Assert.Contains("Brands: brand-42.", told);
        Assert.Contains("It runs from 1970-01-01 00:00:01 until 1970-01-01 00:00:02 (UTC).", told);
        Assert.Contains("Countries: MT, SE.", told);
        Assert.Contains("Bets from 0.10 EUR to 5.00 EUR take part.", told);
        Assert.DoesNotContain(told, sentence => sentence.Contains("gold", StringComparison.Ordinal));
    }

    [Fact]
    [Trait("Rule", "R30")]
    public void What_an_interruption_does_is_told() =>
        Assert.Contains("identical amounts", Assert.Single(Section(Of(Random()), RulesTopic.Interruption)), StringComparison.Ordinal);

    [Theory]
    [InlineData(FundingMode.PartOfStake, "A part of every")]
    [InlineData(FundingMode.SideBet, "second, small bet")]
    [InlineData(FundingMode.Marketing, "costs players nothing")]
    public void Who_pays_is_told(FundingMode funding, string words) =>
        Assert.Contains(words, Section(Of(Random()) with { Funding = funding }, RulesTopic.Funding)[0], StringComparison.Ordinal);

    [Theory]
    [Trait("Rule", "R36")]
    [Trait("Rule", "R40")]
    [InlineData(SimultaneousPolicy.Split, "share the prize equally")]
    [InlineData(SimultaneousPolicy.EachInFull, "each of them is paid the whole prize")]
    [InlineData(SimultaneousPolicy.InOrder, "the first named is paid the prize")]
    public void What_several_winners_named_by_a_game_get_is_told(SimultaneousPolicy policy, string words)
    {
        var called = new DisclosedTerms(Of(Random() with { Trigger = new ExternalTrigger() }), Everybody) { SimultaneousWinners = policy };
        var told = GameRules.Of(called).Single(section => section.Topic == RulesTopic.SeveralWinners).Sentences;
        Assert.Contains(words, told[1], StringComparison.Ordinal);
        Assert.Single(Section(Of(Random()), RulesTopic.SeveralWinners));
    }

    [Fact]
    [Trait("Rule", "R36")]
    [Trait("Rule", "R38")]
    public void Who_shares_a_prize_is_told_tier_by_tier()
    {
        var shared = new DisclosedTerms(Of(Random("a"), Random("b")), Everybody)
        {
            Community = [[], [new AmongActive(new PartsPerMillion(100_000), 50, 24), new TopOfCycle(new PartsPerMillion(50_000), 3), new TopOfLifetime(new PartsPerMillion(20_000), 7)]],
        };
        var told = GameRules.Of(shared).Single(section => section.Topic == RulesTopic.Community).Sentences;
        Assert.Equal("a: no part of the prize goes to players who did not win it.", told[0]);
        Assert.StartsWith("b: 10.00 % of the prize is shared equally by up to 50 players", told[1], StringComparison.Ordinal);
        Assert.Contains("last 24 hours", told[1], StringComparison.Ordinal);
        Assert.StartsWith("b: 5.00 % of the prize is shared equally by the up to 3 other players", told[2], StringComparison.Ordinal);
        Assert.StartsWith("b: 2.00 % of the prize is shared equally by the up to 7 other players", told[3], StringComparison.Ordinal);
        Assert.Equal("b: whoever wins has the rest of the prize, and all of it that cannot be shared out.", told[4]);
    }

    [Fact]
    [Trait("Rule", "R36")]
    public void Jackpots_that_the_same_bets_feed_are_told() =>
        Assert.Contains("mega-net", GameRules.Of(new DisclosedTerms(Of(Random()), Everybody) { Links = [JackpotId.Parse("mega-net")] })
            .Single(section => section.Topic == RulesTopic.Funding).Sentences[^1], StringComparison.Ordinal);

    static System.Collections.Immutable.ImmutableArray<RulesSection> Rules(JackpotConfig config) => GameRules.Of(new DisclosedTerms(config, Everybody));

    static System.Collections.Immutable.ImmutableArray<string> Section(JackpotConfig config, RulesTopic topic) =>
        Rules(config).Single(section => section.Topic == topic).Sentences;
}
