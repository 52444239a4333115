using Jackpot.Core.Chain;
using Jackpot.Core.Draws;
using Jackpot.Core.Ids;
using Jackpot.Core.Schedules;
using Jackpot.Core.Tests.Play;
using Jackpot.TestKit;

namespace Jackpot.Core.Tests.Statistics;

/// <summary>A million draws per kind against the declared odds, with fixed seeds: these runs never change.</summary>
public sealed class DistributionTests
{
    /// <summary>Fewer would not show a bias of one percent.</summary>
    const int DrawsMin = 1_000_000;

    static readonly int Draws = Long.Count(DrawsMin, 10 * DrawsMin);

    static readonly JackpotId Jackpot = JackpotId.Parse("jackpot");
    static readonly PoolId Pool = PoolId.Parse("pool");

    [Fact]
    [Trait("Rule", "R43")]
    public void Draws_are_uniform()
    {
        var counts = new long[256];
        var secret = new CycleSecret(SeededRandom.New(101).Bytes(32));
        for (var sequence = 1; sequence <= Draws; sequence++)
        {
            counts[Draw.Of(secret, Jackpot, Pool, 1, sequence, default) >> 56]++;
        }

        Passes(Goodness.ChiSquareP(counts, Enumerable.Repeat(Draws / 256.0, 256)));
    }

    [Fact]
    [Trait("Rule", "R10")]
    [Trait("Rule", "R43")]
    public void A_random_trigger_fires_as_often_as_stake_and_turnover_say()
    {
        var random = SeededRandom.New(102);
        var secret = new CycleSecret(random.Bytes(32));
        var head = new Hash32(random.Bytes(32));
        foreach (var stakes in new[] { new long[] { 1_000 }, [100, 1_000, 5_000] })
        {
            var (fired, mean, variance) = (0L, 0.0, 0.0);
            for (var sequence = 1; sequence <= Draws; sequence++)
            {
                var stake = stakes[random.Next(stakes.Length)];
                var chance = stake / 100_000.0;
                fired += Draw.Of(secret, Jackpot, Pool, stakes.Length, sequence, head) < Draw.Threshold(stake, 100_000) ? 1 : 0;
                (mean, variance) = (mean + chance, variance + chance * (1 - chance));
            }

            Passes(Goodness.CountP(fired, mean, variance));
        }
    }

    [Fact]
    [Trait("Rule", "R34")]
    public void Hidden_amounts_are_uniform_over_their_range() =>
        Passes(Goodness.KolmogorovP(Values(103, secret => (HiddenThreshold.For(secret, Pool, 1, 10_000_000, 11_999_999) - 10_000_000) / 2_000_000.0)));

    [Fact]
    public void Weighted_hidden_amounts_follow_their_weights_and_are_uniform_within_a_segment()
    {
        var values = Values(104, secret => (HiddenThreshold.Weighted(secret, Pool, 1, 0, 29_999_999, 0, [10, 20, 50]) / 10_000_000.0));
        var counts = Enumerable.Range(0, 3).Select(segment => values.LongCount(value => (int)value == segment)).ToList();
        Passes(Goodness.ChiSquareP(counts, [Draws * 0.125, Draws * 0.25, Draws * 0.625]));
        Passes(Goodness.KolmogorovP([.. values.Select(value => value - Math.Floor(value))]));
    }

    [Fact]
    public void Hidden_instants_are_uniform_over_their_window() =>
        Passes(Goodness.KolmogorovP(Values(105, secret => HiddenInstant.For(secret, Pool, 1, new Window(0, 86_400_000)) / 86_400_000.0)));

    [Fact]
    public void Every_ticket_of_a_raffle_is_as_likely_as_any_other()
    {
        var random = SeededRandom.New(106);
        var counts = new long[50];
        for (var draw = 0; draw < Draws / 2; draw++)
        {
            foreach (var ticket in RaffleDraw.Winners(new CycleSecret(random.Bytes(32)), Pool, 1, default, 50, 2))
            {
                counts[ticket - 1]++;
            }
        }

        Passes(Goodness.ChiSquareP(counts, Enumerable.Repeat(Draws / 50.0, 50)));
    }

    [Fact]
    public void The_tests_of_fit_notice_a_bias_of_one_percent()
    {
        var random = SeededRandom.New(107);
        var values = Enumerable.Range(0, DrawsMin).Select(_ => Math.Pow(random.NextDouble(), 1.01)).ToList();
        Assert.InRange(Goodness.KolmogorovP(values), 0, Goodness.PMin);
        var counts = values.GroupBy(value => (int)(value * 256)).OrderBy(group => group.Key).Select(group => group.LongCount());
        Assert.InRange(Goodness.ChiSquareP(counts, Enumerable.Repeat(DrawsMin / 256.0, 256)), 0, Goodness.PMin);
        Assert.InRange(Goodness.CountP(10_400, 10_000, 9_900), 0, Goodness.PMin);
    }

    static List<double> Values(int seed, Func<CycleSecret, double> value)
    {
        var random = SeededRandom.New(seed);
        return [.. Enumerable.Range(0, Draws).Select(_ => value(new CycleSecret(random.Bytes(32))))];
    }

    static void Passes(double p)
    {
        TestContext.Current.TestOutputHelper?.WriteLine($"p = {p:F4}");
        Assert.InRange(p, Goodness.PMin, 1);
    }
}
