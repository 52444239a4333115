using Jackpot.Core.Amounts;
using Jackpot.Core.Maths;
using Jackpot.Core.Pools;
using Jackpot.Core.Schedules;
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

    [Theory]
    [MemberData(nameof(BetMixes))]
    public void A_random_trigger_with_a_ceiling_agrees_with_its_closed_form_within_half_a_percent(TrafficProfile traffic)
    {
        var pool = Random() with { SeedMicros = 20 * Unit, CeilingMicros = 40 * Unit, ContributionRate = new PartsPerMillion(20_000), Trigger = new RandomTrigger(1_000 * Unit) };
        Agrees(pool, Run(pool, traffic, 20_000_000, seed: 212), 190_000);
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
        Assert.Equal(first.Drops, again.Drops);
        Assert.NotEqual(first.Drops, Run(pool, Mixed, 20_000, seed: 206).Drops);
    }

    [Fact]
    public void Timed_and_called_pools_can_be_simulated()
    {
        var plan = new SimulationPlan(Of(Timed(id: "timed"), Raffle(id: "raffle"), External("external")), Even, 10 * 24 * 3_600) { BetsPerCall = 24 * 3_600 };
        var report = Simulator.Run(plan, Bits(207));
        Assert.Equal([10, 10, 10], report.Pools.Select(pool => pool.DropCount));
        Assert.Equal(10L * 24 * 3_600 * 10 * Unit, report.StakedMicros);
        Assert.Equal(86_400, report.Pools[0].SecondsPerDrop);
    }

    [Theory]
    [InlineData(3_600)]
    [InlineData(7)]
    [InlineData(1_000_000)]
    public void Every_window_of_a_timed_pool_drops_once_however_fast_people_bet(int betsPerHour)
    {
        var pool = Timed(WhenNobodyPlays.NextContributionWins) with { Trigger = new MustDropByTime(new Hourly("Europe/Malta", 30), WhenNobodyPlays.NextContributionWins) };
        var report = Run(pool, Even with { BetsPerHour = betsPerHour }, 20L * betsPerHour, seed: 213);
        Assert.InRange(report.DropCount, 20, 21);
    }

    [Fact]
    public void Progress_is_told_and_ends_at_the_last_bet()
    {
        var told = new List<long>();
        Simulator.Run(new SimulationPlan(Of(Random()), Even, 2_500), Bits(208), told.Add);
        Assert.Equal([1_000, 2_000, 2_500], told);
    }

    [Fact]
    public void Every_drop_is_told_with_the_bets_since_the_last_one()
    {
        var pool = Random() with { Trigger = new RandomTrigger(1_000 * Unit) };
        var report = Run(pool, Mixed, 20_000, seed: 209);
        Assert.Equal((report.DropCount, report.AwardedMicros), (report.Drops.Length, report.Drops.Aggregate((Int128)0, (sum, drop) => sum + drop.AwardMicros)));
        Assert.Equal(report.BetsToLastDrop, report.Drops.Sum(drop => drop.BetsSinceLast));
        Assert.InRange(report.BetsToLastDrop, 1, report.Bets);
        Assert.Equal(report.DropCount * 1_000 * Unit, report.SeededMicros);
    }

    [Fact]
    public void A_reserve_that_starts_with_what_the_house_had_to_pay_just_never_runs_dry()
    {
        var pool = Random() with { SeedMicros = 20 * Unit, ReserveRate = new PartsPerMillion(10_000), Trigger = new RandomTrigger(2_000 * Unit) };
        var report = Run(pool, Even, 200_000, seed: 210);
        Assert.InRange(report.HouseSeeds, 2, report.DropCount - 1);
        var (reserve, least) = (report.HouseSeededMicros, Int128.MaxValue);
        foreach (var drop in report.Drops)
        {
            reserve += drop.BetsSinceLast * pool.ReserveRate.FloorOf(10 * Unit) - pool.SeedMicros;
            least = Int128.Min(least, reserve);
        }

        Assert.Equal(0, least);
    }

    [Fact]
    public void The_histogram_counts_every_award_once()
    {
        long[] awards = [20, 10, 11, 15, 19, 20];
        Assert.Equal([new DropSizes(10, 13, 2), new DropSizes(14, 17, 1), new DropSizes(18, 20, 3)], DropSizes.Histogram(awards, 3));
        Assert.Equal([new DropSizes(10, 20, 6)], DropSizes.Histogram(awards, 1));
        Assert.Equal([new DropSizes(7, 7, 0), new DropSizes(8, 7, 0), new DropSizes(8, 7, 0)], DropSizes.Histogram([7], 3).Select(step => step with { Count = 0 }));
        Assert.Empty(DropSizes.Histogram([], 2));
        Assert.Throws<ArgumentOutOfRangeException>(() => DropSizes.Histogram(awards, 0));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(SimulationPlan.BetsMax + 1)]
    public void The_number_of_bets_has_bounds(long bets) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => Simulator.Run(new SimulationPlan(Of(Random()), Even, bets), Bits(1)));

    [Fact]
    public void Bets_that_are_taken_back_leave_the_pools_what_the_others_gave()
    {
        var quiet = External() with { ReserveRate = new PartsPerMillion(0) };
        var report = Simulator.Run(new SimulationPlan(Of(quiet), Even, 10_000) { BetsPerVoid = 100 }, Bits(7));
        Assert.Equal(100 * 100_000, report.VoidedMicros);
        Assert.Equal(quiet.SeedMicros + 9_900 * 100_000, report.Pools[0].AmountMicros);
        var dropping = Simulator.Run(new SimulationPlan(Of(Random() with { Trigger = new RandomTrigger(20 * Unit) }), Even, 10_000) { BetsPerVoid = 1 }, Bits(7));
        Assert.InRange(dropping.CarriedMicros, 1, dropping.VoidedMicros - 1);
        Assert.Equal(10_000 * 125_000, dropping.VoidedMicros);
    }

    static void Agrees(PoolConfig pool, PoolReport report, int dropsMin)
    {
        var exact = PoolMaths.Figures(pool)!;
        Assert.True(report.DropCount >= dropsMin, $"{report.DropCount} drops");
        Within(exact.AverageAwardMicros, report.AverageAwardMicros!.Value);
        Within(exact.ReturnToPlayer, report.ReturnToPlayer);
        Within(exact.SeedCost, report.SeedCost);
        Within(exact.AverageTurnoverMicros, new Ratio(report.StakedMicros, report.DropCount));
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
