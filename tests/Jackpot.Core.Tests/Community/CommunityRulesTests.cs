using System.Collections.Immutable;
using Jackpot.Core.Amounts;
using Jackpot.Core.Chain;
using Jackpot.Core.Community;
using Jackpot.Core.Contributions;
using Jackpot.Core.Draws;
using Jackpot.Core.Ids;
using Jackpot.Core.Tests.Play;

namespace Jackpot.Core.Tests.Community;

public sealed class CommunityRulesTests
{
    const long HourMs = 3_600_000;
    const long Now = 1_000 * HourMs;

    static readonly PoolId Pool = PoolId.Parse("pool");

    [Fact]
    public void Top_contributors_share_equally_and_the_winner_has_the_rest()
    {
        var shares = CommunityRules.Split([new TopOfCycle(Ppm(100_000), 3), new TopOfLifetime(Ppm(50_000), 1)], Occasion(1_000 * Terms.Unit, 10));
        Assert.Equal([(0, 850.01m), (9, 33.33m), (8, 33.33m), (7, 33.33m), (1, 50)], shares.Select(Told));
    }

    [Fact]
    public void Random_winners_are_drawn_among_those_active_in_the_last_hours()
    {
        var shares = CommunityRules.Split([new AmongActive(Ppm(200_000), 4, Hours: 6)], Occasion(1_000 * Terms.Unit, 20));
        Assert.Equal(5, shares.Length);
        Assert.All(shares[1..], share => Assert.InRange(Told(share).Who, 1, 6));
        Assert.Equal(4, shares[1..].Select(share => share.Player).Distinct().Count());
    }

    [Fact]
    public void The_outcome_does_not_depend_on_the_order_in_which_members_were_read()
    {
        var occasion = Occasion(1_000 * Terms.Unit, 20);
        var turned = occasion with { Members = [.. occasion.Members.Reverse()] };
        ImmutableArray<CommunityPart> parts = [new AmongActive(Ppm(200_000), 4, 100), new TopOfCycle(Ppm(1_000), 2)];
        Assert.Equal(CommunityRules.Split(parts, occasion), CommunityRules.Split(parts, turned));
    }

    [Fact]
    public void With_nobody_to_share_the_winner_has_it_all() =>
        Assert.Equal([new CommunityShare(Key(0), 1_000 * Terms.Unit, null)], CommunityRules.Split([new TopOfCycle(Ppm(500_000), 3)], Occasion(1_000 * Terms.Unit, 1)));

    [Fact]
    public void Nobody_is_given_less_than_a_minor_unit() =>
        Assert.Equal(3, CommunityRules.Split([new TopOfCycle(Ppm(500_000), 10)], Occasion(50_000, 20)).Length);

    [Fact]
    public void Any_split_is_the_award_to_the_micro_unit()
    {
        var random = SeededRandom.New();
        for (var i = 0; i < 2_000; i++)
        {
            var award = random.NextInt64(1, 1_000_000) * 10_000;
            ImmutableArray<CommunityPart> parts =
            [
                new AmongActive(Ppm(random.Next(300_000)), random.Next(1, 30), random.Next(30)),
                new TopOfCycle(Ppm(random.Next(300_000)), random.Next(1, 30)),
                new TopOfLifetime(Ppm(random.Next(300_000)), random.Next(1, 30)),
            ];
            var shares = CommunityRules.Split(parts, Occasion(award, random.Next(1, 40)));
            Assert.Equal(award, shares.Sum(share => share.Micros));
            Assert.All(shares, share => Assert.True(share.Micros > 0 && Terms.Euro.IsWholeMinorUnits(share.Micros)));
        }
    }

    [Fact]
    public void Parts_beyond_the_whole_are_refused() =>
        Assert.Throws<ArgumentException>(() => CommunityRules.Split([new TopOfCycle(Ppm(600_000), 1), new TopOfLifetime(Ppm(400_001), 1)], Occasion(100, 2)));

    [Theory]
    [Trait("Rule", "R40")]
    [InlineData(SimultaneousPolicy.Split, new long[] { 340_000, 330_000, 330_000 }, 0)]
    [InlineData(SimultaneousPolicy.EachInFull, new long[] { 1_000_000, 1_000_000, 1_000_000 }, 2_000_000)]
    [InlineData(SimultaneousPolicy.InOrder, new long[] { 1_000_000, 50_000, 50_000 }, 100_000)]
    public void Simultaneous_winners_get_what_was_declared(SimultaneousPolicy policy, long[] shares, long house)
    {
        var outcome = SimultaneousRules.Share(policy, 1_000_000, 50_000, 3, Terms.Euro);
        Assert.Equal(shares, outcome.Micros);
        Assert.Equal(house, outcome.HouseMicros);
    }

    // Member n was last active n hours ago, has put n into the cycle and 100 - n over its lifetime. Number 0 dropped the pool.
    static CommunityOccasion Occasion(long award, int members) => new(
        new Drop(Pool, 1, 5, award, 0, new TriggeredByGame()), Terms.Euro, Key(0),
        [.. Enumerable.Range(0, members).Select(n => new CommunityMember(Key(n), n, 100 - n, Now - n * HourMs))], Now, new CycleSecret(new byte[32]), default);

    static (int Who, decimal Units) Told(CommunityShare share) => (share.Player.ToArray()[0], share.Micros / 1_000_000m);

    static PartsPerMillion Ppm(int value) => new(value);

    static Hash16 Key(int n) => new([(byte)n, .. new byte[15]]);
}
