using Jackpot.Shard.Contributions;

namespace Jackpot.Shard.Tests.Contributions;

public sealed class ContributionHashTests
{
    static readonly DateTimeOffset At = new(2026, 1, 31, 12, 0, 0, TimeSpan.Zero);

    [Fact]
    public void A_request_without_the_newer_fields_has_the_hash_it_always_had() =>
        Assert.Equal(new Guid("a78ae80c-9519-e71d-25ae-98155de75b25"), ContributionHash.Body(Request(), "j", At));

    [Fact]
    public void Country_segments_and_sources_are_part_of_what_was_said()
    {
        Action<ContributionRequest>[] changes =
        [
            _ => { },
            request => request.PlayerCountry = "MT",
            request => request.PlayerCountry = "DE",
            request => request.Segments = ["a"],
            request => request.Segments = ["a", "b"],
            request => request.Segments = ["ab"],
            request => request.Sources = [new("game", "a")],
            request => request.Sources = [new("group", "a")],
            request => request.Sources = [new("game", "b")],
            request => request.Sources = [new("game", "a"), new("game", "b")],
            request => request.Sources = [new("game", "b"), new("game", "a")],
        ];

        var hashes = changes.Select(change =>
        {
            var request = Request();
            change(request);
            return ContributionHash.Body(request, "j", At);
        }).ToList();

        Assert.Equal(hashes.Count, hashes.Distinct().Count());
    }

    [Fact]
    public void The_order_of_segments_says_nothing_and_an_empty_list_is_none()
    {
        var (one, two, none) = (Request(), Request(), Request());
        one.Segments = ["a", "b"];
        two.Segments = ["b", "a"];
        none.Segments = [];

        Assert.Equal(ContributionHash.Body(one, "j", At), ContributionHash.Body(two, "j", At));
        Assert.Equal(ContributionHash.Body(Request(), "j", At), ContributionHash.Body(none, "j", At));
    }

    [Fact]
    public void Parts_of_a_request_have_keys_of_their_own() =>
        Assert.Equal(3, new[] { ContributionHash.Key("t", "k"), ContributionHash.Part("t", "k", "a"), ContributionHash.Part("t", "k", "b") }.Distinct().Count());

    static ContributionRequest Request() => new()
    {
        ContributionId = "c", TenantId = "t", PlayerId = "p", GameId = "g", RoundId = "r", Bet = { IsPresent = true, Micros = 2_000_000, Currency = "EUR" },
    };
}
