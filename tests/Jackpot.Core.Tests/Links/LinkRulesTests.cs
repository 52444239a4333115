using Jackpot.Core.Eligibility;
using Jackpot.Core.Ids;
using Jackpot.Core.Links;

namespace Jackpot.Core.Tests.Links;

public sealed class LinkRulesTests
{
    static readonly JackpotId Main = JackpotId.Parse("main");
    static readonly JackpotId A = JackpotId.Parse("a");
    static readonly JackpotId B = JackpotId.Parse("b");

    [Fact]
    public void One_bet_feeds_the_jackpot_it_names_and_its_direct_links_once_each() =>
        Assert.Equal([Takes(Main), Takes(A), Takes(B)], LinkRules.Plan(Main, [A, Main, B, A], _ => null));

    [Fact]
    public void When_the_jackpot_that_was_meant_refuses_its_links_are_not_asked()
    {
        var parts = LinkRules.Plan(Main, [A], jackpot => jackpot == Main ? IneligibleReason.NotOptedIn : throw new InvalidOperationException("asked"));
        Assert.Equal([Refuses(Main, IneligibleReason.NotOptedIn), new LinkedPart(A, LinkedPartKind.NotAsked, null)], parts);
    }

    [Fact]
    public void One_link_that_refuses_does_not_stop_the_others() =>
        Assert.Equal([Takes(Main), Refuses(A, IneligibleReason.NotOptedIn), Takes(B)], LinkRules.Plan(Main, [A, B], jackpot => jackpot == A ? IneligibleReason.NotOptedIn : null));

    [Fact]
    public void Too_many_links_are_refused() =>
        Assert.Throws<ArgumentException>(() => LinkRules.Plan(Main, [.. Enumerable.Range(0, 17).Select(i => JackpotId.Parse($"link-{i}"))], _ => null));

    [Fact]
    public void A_source_feeds_every_jackpot_mapped_to_it_once()
    {
        var map = new SourceMap(new Dictionary<Source, System.Collections.Immutable.ImmutableArray<JackpotId>>
        {
            [new Source(SourceKind.Vertical, "slots")] = [Main, A],
            [new Source(SourceKind.Game, "starfall")] = [A, B],
        });
        Assert.Equal([Main, A, B], map.JackpotsOf([new Source(SourceKind.Vertical, "slots"), new Source(SourceKind.Game, "starfall"), new Source(SourceKind.Group, "new")]));
        Assert.Empty(map.JackpotsOf([new Source(SourceKind.Game, "slots")]));
    }

    static LinkedPart Takes(JackpotId jackpot) => new(jackpot, LinkedPartKind.Takes, null);

    static LinkedPart Refuses(JackpotId jackpot, IneligibleReason reason) => new(jackpot, LinkedPartKind.Refuses, reason);
}
