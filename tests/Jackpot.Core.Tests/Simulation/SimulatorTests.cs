using Jackpot.Core.Amounts;
using Jackpot.Core.Maths;
using Jackpot.Core.Pools;
using Jackpot.Core.Simulation;
using Jackpot.Core.Tests.Play;
using static Jackpot.Core.Tests.Play.Terms;

namespace Jackpot.Core.Tests.Simulation;

public sealed class SimulatorTests
{
    static readonly TrafficProfile Even = new([new StakeSize(10 * Unit, 1)], 3_600);
    static readonly TrafficProfile Mixed = new([new StakeSize(2 * Unit, 70), new StakeSize(20 * Unit, 25), new StakeSize(70 * Unit, 5)], 3_600);

    public static TheoryData<TrafficProfile> BetMixes() => [Even, Mixed];

    [Theory]
    [MemberData(nameof(BetMixes))]
    public void A_must_drop_agrees_with_its_closed_form_within_half_a_percent(TrafficProfile traffic)
    {
        var pool = MustDrop() with { SeedMicros = 1_000 * Unit, ContributionRate = new PartsPerMillion(200_000), Trigger = new MustDropByAmount(1_000 * Unit, 3_000 * Unit) };
        Agrees(pool, Run(pool, traffic, 12_000_000, seed: 201), 20_000);
    }

    [Theory]
    [MemberData(nameof(BetMixes))]
    public void A_weighted_must_drop_agrees_with_its_closed_form_within_half_a_percent(TrafficProfile traffic)
    {
        var trigger = new MustDropByAmount(1_500 * Unit, 3_000 * Unit) { Weights = [10, 20, 50] };
        var pool = MustDrop() with { SeedMicros = 1_000 * Unit, ContributionRate = new PartsPerMillion(200_000), Trigger = trigger };
        Agrees(pool, Run(pool, traffic, 12_000_000, seed: 202), 15_000);
    }

    [Theory]
    [MemberData(nameof(BetMixes))]
    public void A_random_trigger_agrees_with_its_closed_form_within_half_a_percent(TrafficProfile traffic)
    {
        var pool = Random() with { SeedMicros = 20 * Unit, Trigger = new RandomTrigger(200 * Unit) };
        Agrees(pool, Run(pool, traffic, 2_500_000, seed: 203), 60_000);
    }

    [Fact]
    [Trait("Rule", "R09")]
    public void A_reserve_that_the_check_finds_affordable_pays_its_seeds_and_one_below_it_does_not()
    {
        var pool = Random() with { SeedMicros = 20 * Unit, Trigger = new RandomTrigger(2_000 * Unit) };
        var needed = (int)Affordability.NeededReservePpm(pool)!;
        var enough = Run(pool with { ReserveRate = new PartsPerMillion(needed * 11 / 10) }, Mixed, 1_000_000, seed: 204);
        var tooLittle = Run(pool with { ReserveRate = new PartsPerMillion(needed * 9 / 10) }, Mixed, 1_000_000, seed: 204);
        Assert.InRange(enough.ReserveRuin!.Value.FloorOf(1_000_000), 0, 40_000);
        Assert.InRange(tooLittle.ReserveRuin!.Value.FloorOf(1_000_000), 80_000, 1_000_000);
    }

    [Fact]
    public void The_same_bits_give_the_same_report()
    {
        var pool = Random() with { Trigger = new RandomTrigger(1_000 * Unit) };
        var (first, again) = (Run(pool, Mixed, 20_000, seed: 205), Run(pool, Mixed, 20_000, seed: 205));
        Assert.Equal(first.Awards, again.Awards);
        Assert.NotEqual(first.Awards, Run(pool, Mixed, 20_000, seed: 206).Awards);
    }

    [Fact]
    public void Timed_and_called_pools_can_be_simulated()
    {
        var plan = new SimulationPlan(Of(Timed(id: "timed"), Raffle(id: "raffle"), External("external")), Even, 10 * 24 * 3_600) { BetsPerCall = 24 * 3_600 };
        var report = Simulator.Run(plan, Bits(207));
        Assert.Equal([10, 10, 10], report.Pools.Select(pool => pool.Awards.Length));
        Assert.Equal(10L * 24 * 3_600 * 10 * Unit, report.StakedMicros);
        Assert.Equal(86_400, report.Pools[0].SecondsPerDrop);
    }

    [Fact]
    public void Progress_is_told_and_ends_at_the_last_bet()
    {
        var told = new List<long>();
        Simulator.Run(new SimulationPlan(Of(Random()), Even, 2_500), Bits(208), told.Add);
        Assert.Equal([1_000, 2_000, 2_500], told);
    }

    [Fact]
    public void The_histogram_counts_every_award_once()
    {
        var report = new PoolReport(MustDrop().Id, [10, 11, 15, 19, 20, 20], 1, 0, 0, 0, 1, 1);
        Assert.Equal([2, 1, 3], report.Histogram(3));
        Assert.Equal([6], report.Histogram(1));
        Assert.Equal([0, 0], (report with { Awards = [] }).Histogram(2));
        Assert.Throws<ArgumentOutOfRangeException>(() => report.Histogram(0));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(SimulationPlan.BetsMax + 1)]
    public void The_number_of_bets_has_bounds(long bets) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => Simulator.Run(new SimulationPlan(Of(Random()), Even, bets), Bits(1)));

    static void Agrees(PoolConfig pool, PoolReport report, int dropsMin)
    {
        var exact = PoolMaths.Figures(pool)!;
        Assert.True(report.Awards.Length >= dropsMin, $"{report.Awards.Length} drops");
        Within(exact.AverageAwardMicros, report.AverageAwardMicros!.Value);
        Within(exact.ReturnToPlayer, report.ReturnToPlayer);
        Within(exact.SeedCost, report.SeedCost);
        Within(exact.AverageTurnoverMicros, new Ratio(report.StakedMicros, report.Awards.Length));
    }

    static void Within(Ratio exact, Ratio simulated)
    {
        var share = (double)simulated.Numerator / (double)simulated.Denominator / ((double)exact.Numerator / (double)exact.Denominator);
        TestContext.Current.TestOutputHelper?.WriteLine($"{share:F5}");
        Assert.InRange(share, 0.995, 1.005);
    }

    static PoolReport Run(PoolConfig pool, TrafficProfile traffic, long bets, int seed) =>
        Simulator.Run(new SimulationPlan(Of(pool), traffic, bets), Bits(seed)).Pools[0];

    static Func<ulong> Bits(int seed)
    {
        var random = SeededRandom.New(seed);
        return () => (ulong)random.NextInt64(long.MinValue, long.MaxValue);
    }
}
