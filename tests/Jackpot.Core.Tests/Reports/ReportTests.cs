using Jackpot.Core.Ids;
using Jackpot.Core.Pools;
using Jackpot.Core.Reports;
using Jackpot.Core.Tests.Play;

namespace Jackpot.Core.Tests.Reports;

public sealed class ReportTests
{
    [Fact]
    [Trait("Rule", "R55")]
    [Trait("Rule", "R56")]
    public void Liability_tells_whose_money_lies_in_the_pools()
    {
        var pool = new PoolState(PoolId.Parse("a"), PoolStatus.Open, 1, 0, 100, 1_000, 20, 3, 0);
        var liability = Liability.Of([pool, pool with { Id = PoolId.Parse("b"), SeedMicros = 500 }]);
        Assert.Equal(new Liability(200, 1_500, 40, 6), liability);
        Assert.Equal(1_746, liability.TotalMicros);
        Assert.Equal(default, Liability.Of([]));
    }

    [Fact]
    [Trait("Rule", "R57")]
    public void Operators_bear_a_payout_in_proportion_to_what_their_players_put_in() =>
        Assert.Equal([Share("a", 50), Share("b", 34), Share("c", 17), Share("d", 0)], Settlement.ProRata(101, [Part("a", 3), Part("b", 2), Part("c", 1), Part("d", 0)]));

    [Fact]
    [Trait("Rule", "R57")]
    public void Shares_add_up_to_the_payout_and_are_off_by_less_than_a_micro_unit()
    {
        var random = SeededRandom.New();
        for (var i = 0; i < 10_000; i++)
        {
            var payout = random.NextInt64(1_000_000_000_000_000_000) >> random.Next(60);
            var parts = Enumerable.Range(0, random.Next(1, 20)).Select(n => Part($"t-{n}", 1 + (random.NextInt64(1_000_000_000_000_000_000) >> random.Next(60)))).ToArray();
            var total = parts.Aggregate((Int128)0, (sum, part) => sum + part.Micros);
            var shares = Settlement.ProRata(payout, [.. parts]);
            Assert.Equal(payout, shares.Aggregate((Int128)0, (sum, share) => sum + share.Micros));
            Assert.All(shares.Zip(parts), pair => Assert.InRange(pair.First.Micros * total - (Int128)payout * pair.Second.Micros, 1 - total, total - 1));
        }
    }

    [Fact]
    [Trait("Rule", "R57")]
    public void A_payout_is_shared_by_sums_that_are_larger_than_any_amount()
    {
        var large = (Int128)long.MaxValue * 1_000_000;
        Assert.Equal(
            [new OperatorShare(TenantId.Parse("a"), long.MaxValue), new OperatorShare(TenantId.Parse("b"), 2 * (Int128)long.MaxValue)],
            Settlement.ProRata(3 * (Int128)long.MaxValue, [new(TenantId.Parse("a"), large), new(TenantId.Parse("b"), 2 * large)]));
    }

    [Fact]
    public void A_settlement_without_contributions_is_refused()
    {
        Assert.Throws<ArgumentException>(() => Settlement.ProRata(1, []));
        Assert.Throws<ArgumentException>(() => Settlement.ProRata(1, [Part("a", 0)]));
        Assert.Throws<ArgumentException>(() => Settlement.ProRata(1, [Part("a", -1), Part("b", 5)]));
        Assert.Throws<ArgumentException>(() => Settlement.ProRata(-1, [Part("a", 1)]));
        Assert.Throws<ArgumentException>(() => Settlement.ProRata(1, [Part("a", 1), Part("a", 1)]));
    }

    static OperatorContribution Part(string tenant, long micros) => new(TenantId.Parse(tenant), micros);

    static OperatorShare Share(string tenant, long micros) => new(TenantId.Parse(tenant), micros);
}
