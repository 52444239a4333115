using Jackpot.Core.Draws;
using Jackpot.Core.Ids;
using Jackpot.Core.Tests.Play;

namespace Jackpot.Core.Tests.Draws;

public sealed class DrawTests
{
    static readonly PoolId Pool = PoolId.Parse("pool");

    [Theory]
    [Trait("Rule", "R10")]
    [InlineData(0, 100, "0")]
    [InlineData(1, 2, "9223372036854775808")]
    [InlineData(1, 3, "6148914691236517205")]
    [InlineData(100, 100, "18446744073709551616")]
    [InlineData(300, 100, "55340232221128654848")]
    public void The_threshold_is_the_exact_share_of_two_to_the_64(long stake, long turnover, string threshold) =>
        Assert.Equal(UInt128.Parse(threshold, System.Globalization.CultureInfo.InvariantCulture), Draw.Threshold(stake, turnover));

    [Fact]
    public void A_stake_of_the_whole_turnover_fires_on_every_draw() =>
        Assert.True(ulong.MaxValue < Draw.Threshold(100, 100));

    [Fact]
    public void A_stake_of_nothing_fires_on_no_draw() =>
        Assert.False(0UL < Draw.Threshold(0, 100));

    [Theory]
    [InlineData(-1, 100)]
    [InlineData(1, 0)]
    [InlineData(1, -1)]
    public void There_is_no_chance_for_negative_stakes_or_without_turnover(long stake, long turnover) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => Draw.Threshold(stake, turnover));

    [Fact]
    public void Everything_that_a_draw_is_made_of_changes_it()
    {
        var (secret, head) = (new CycleSecret(new byte[32]), default(Core.Chain.Hash32));
        var (a, b) = (JackpotId.Parse("a"), JackpotId.Parse("b"));
        ulong[] draws =
        [
            Draw.Of(secret, a, Pool, 1, 2, head),
            Draw.Of(new CycleSecret([.. Enumerable.Repeat((byte)1, 32)]), a, Pool, 1, 2, head),
            Draw.Of(secret, b, Pool, 1, 2, head),
            Draw.Of(secret, a, PoolId.Parse("poo"), 1, 2, head),
            Draw.Of(secret, a, Pool, 2, 2, head),
            Draw.Of(secret, a, Pool, 1, 3, head),
            Draw.Of(secret, a, Pool, 1, 2, new Core.Chain.Hash32([.. Enumerable.Repeat((byte)1, 32)])),
        ];
        Assert.Equal(draws.Length, draws.Distinct().Count());
    }

    [Fact]
    [Trait("Rule", "R44")]
    public void All_that_a_bet_brings_to_the_decision_is_its_size_its_money_and_its_place()
    {
        // A word of the client's that reached a draw would have to come through one of these two endpoints. What money it was is none of many
        // words: it says whether there is a draw at all, and no draw depends on it.
        Assert.Equal(["StakeMicros", "Funding"], typeof(Core.Contributions.Stake).GetProperties().Select(property => property.Name));
        Assert.Equal(3, Enum.GetValues<Core.Pools.BetFunding>().Length);
        Assert.Equal(
            ["secret", "jackpot", "pool", "cycle", "sequence", "headBeforeBatch"],
            typeof(Draw).GetMethod(nameof(Draw.Of))!.GetParameters().Select(parameter => parameter.Name!));
    }

    [Fact]
    [Trait("Rule", "R44")]
    public void The_words_of_a_bet_do_not_move_any_draw_of_its_batch()
    {
        // Two jackpots with the same secrets; their callers choose other keys and bodies, which enter the chain only after the batch.
        var config = Terms.Of(Terms.Random() with { Trigger = new Core.Pools.RandomTrigger(200 * Terms.Unit) });
        var stakes = Enumerable.Repeat(1 * Terms.Unit, 1_000).ToArray();
        var (one, other) = (new LiveJackpot(config, SeededRandom.New(41)), new LiveJackpot(config, SeededRandom.New(41)));
        other.ChooseOtherWords();
        one.Play(stakes);
        other.Play(stakes);
        Assert.NotEqual(one.Batches[0].HeadAfter, other.Batches[0].HeadAfter);
        Assert.Equal(one.Drops[0], other.Drops[0]);
    }

    [Fact]
    [Trait("Rule", "R34")]
    public void Hidden_amounts_stay_in_their_range_and_reach_both_ends()
    {
        var random = SeededRandom.New();
        var seen = new HashSet<long>();
        for (var i = 0; i < 2_000; i++)
        {
            seen.Add(HiddenThreshold.For(new CycleSecret(random.Bytes(32)), Pool, 1, 100, 109));
        }

        Assert.Equal(Enumerable.Range(100, 10).Select(amount => (long)amount), seen.Order());
    }

    [Theory]
    [InlineData(5, 5)]
    [InlineData(0, long.MaxValue)]
    public void The_narrowest_and_the_widest_range_work(long min, long max) =>
        Assert.InRange(HiddenThreshold.For(new CycleSecret(new byte[32]), Pool, 1, min, max), min, max);

    [Theory]
    [InlineData(6, 5)]
    [InlineData(-1, 5)]
    public void A_range_the_wrong_way_round_is_refused(long min, long max) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => HiddenThreshold.For(new CycleSecret(new byte[32]), Pool, 1, min, max));

    [Fact]
    public void Nothing_prints_a_secret()
    {
        var bytes = SeededRandom.New().Bytes(32);
        var secret = new CycleSecret(bytes);
        Assert.Equal("(hidden)", $"{secret}");
        Assert.DoesNotContain(Convert.ToHexStringLower(bytes), new { Inner = secret }.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Equal_secrets_are_equal()
    {
        var bytes = SeededRandom.New().Bytes(32);
        Assert.Equal(new CycleSecret(bytes), new CycleSecret(bytes));
        Assert.True(new CycleSecret(bytes) != new CycleSecret(new byte[32]));
        Assert.Throws<ArgumentException>(() => new CycleSecret(new byte[31]));
    }
}
