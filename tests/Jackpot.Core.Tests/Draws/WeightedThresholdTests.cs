using System.Collections.Immutable;
using Jackpot.Core.Draws;
using Jackpot.Core.Ids;
using Jackpot.Core.Tests.Play;

namespace Jackpot.Core.Tests.Draws;

public sealed class WeightedThresholdTests
{
    static readonly PoolId Pool = PoolId.Parse("pool");

    [Fact]
    public void Weights_10_20_50_put_an_eighth_a_quarter_and_five_eighths_into_the_thirds()
    {
        var hits = Hits(100, 399, 100, [10, 20, 50]);
        Assert.InRange(hits.Count(hit => hit < 200), 1_150, 1_350);
        Assert.InRange(hits.Count(hit => hit is >= 200 and < 300), 2_350, 2_650);
        Assert.InRange(hits.Count(hit => hit >= 300), 6_100, 6_400);
        Assert.All(hits, hit => Assert.InRange(hit, 100, 399));
    }

    [Fact]
    [Trait("Rule", "R17")]
    public void A_floor_cuts_off_what_lies_below_it_and_keeps_the_proportions_above()
    {
        var hits = Hits(100, 399, 250, [10, 20, 50]);
        Assert.All(hits, hit => Assert.InRange(hit, 250, 399));
        Assert.InRange(hits.Count(hit => hit < 300), 1_550, 1_790); // 20 x 50 against 50 x 100
    }

    [Fact]
    public void A_segment_of_no_weight_is_never_hit() =>
        Assert.DoesNotContain(Hits(0, 299, 0, [1, 0, 1]), hit => hit is >= 100 and < 200);

    [Fact]
    public void The_largest_amounts_and_weights_fit() =>
        Assert.InRange(HiddenThreshold.Weighted(default, Pool, 1, 0, 1_000_000_000_000_000_000, 5, [.. Enumerable.Repeat(1_000_000, 100)]), 5, 1_000_000_000_000_000_000);

    [Theory]
    [InlineData(100, 399, 99)]
    [InlineData(100, 399, 400)]
    [InlineData(-1, 399, 400)]
    public void A_floor_outside_the_range_is_refused(long min, long max, long floor) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => HiddenThreshold.Weighted(default, Pool, 1, min, max, floor, [1]));

    static List<long> Hits(long min, long max, long floor, ImmutableArray<int> weights)
    {
        var random = SeededRandom.New(3);
        return [.. Enumerable.Range(0, 10_000).Select(_ => HiddenThreshold.Weighted(new CycleSecret(random.Bytes(32)), Pool, 1, min, max, floor, weights))];
    }
}
