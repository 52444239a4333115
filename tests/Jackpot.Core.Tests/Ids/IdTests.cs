using Jackpot.Core.Awards;
using Jackpot.Core.Ids;
using Jackpot.Core.Tests.Play;

namespace Jackpot.Core.Tests.Ids;

public sealed class IdTests
{
    [Theory]
    [InlineData("a")]
    [InlineData("euro-spins-1")]
    [InlineData("0123456789012345678901234567890123456789012345678901234567890123")]
    public void Our_names_are_lower_case_letters_digits_and_hyphens(string text)
    {
        Assert.True(JackpotId.TryParse(text, out var jackpot));
        Assert.True(PoolId.TryParse(text, out var pool));
        Assert.True(TenantId.TryParse(text, out var tenant));
        Assert.Equal([text, text, text], [jackpot.ToString(), pool.ToString(), tenant.ToString()]);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("Euro")]
    [InlineData("a_b")]
    [InlineData("a b")]
    [InlineData("a/b")]
    [InlineData("ä")]
    [InlineData("01234567890123456789012345678901234567890123456789012345678901234")]
    public void Other_names_are_refused(string? text)
    {
        Assert.False(JackpotId.TryParse(text, out _));
        Assert.False(PoolId.TryParse(text, out _));
        Assert.False(TenantId.TryParse(text, out _));
        Assert.Throws<FormatException>(() => JackpotId.Parse(text));
    }

    [Fact]
    public void A_callers_id_has_1_to_200_characters_of_any_script()
    {
        foreach (var text in new[] { "x", "Игрок/7 ✓", new string('x', 200) })
        {
            Assert.True(PlayerId.TryParse(text, out var id));
            Assert.Equal(text, id.Value);
        }
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("a\nb")]
    [InlineData("a\0")]
    public void A_callers_id_that_could_forge_a_log_line_is_refused(string? text)
    {
        Assert.False(ContributionId.TryParse(text, out _));
        Assert.False(RoundId.TryParse(text, out _));
        Assert.False(GameId.TryParse(text, out _));
        Assert.False(PlayerId.TryParse(text, out _));
    }

    [Fact]
    public void A_callers_id_of_201_characters_is_refused() =>
        Assert.False(ContributionId.TryParse(new string('x', 201), out _));

    [Fact]
    public void An_id_that_nobody_set_cannot_be_used() =>
        Assert.Throws<InvalidOperationException>(() => default(PoolId).Value);

    [Fact]
    public void Each_cycle_of_each_pool_has_its_own_award_and_only_one()
    {
        var ids = from pool in new[] { "a", "b", "a1" } from cycle in Enumerable.Range(1, 100) select AwardId.Of(PoolId.Parse(pool), cycle);
        Assert.Equal(300, ids.Distinct().Count());
        Assert.Equal(AwardId.Of(PoolId.Parse("a"), 7), AwardId.Of(PoolId.Parse("a"), 7));
    }

    [Fact]
    public void The_same_cycle_of_another_shard_or_of_another_epoch_has_another_award()
    {
        var ids = from shard in new[] { "eu-mt-1", "eu-mt-2" } from epoch in Enumerable.Range(1, 20)
                  from pool in new[] { "a", "b" } from cycle in Enumerable.Range(1, 20)
                  select AwardId.Of(ShardEpoch.Of(shard, epoch), PoolId.Parse(pool), cycle);
        Assert.Equal(1_600, ids.Distinct().Count());
        Assert.Equal(AwardId.Of(ShardEpoch.Of("eu-mt-1", 2), PoolId.Parse("a"), 7), AwardId.Of(ShardEpoch.Of("eu-mt-1", 2), PoolId.Parse("a"), 7));
    }

    [Fact]
    public void Every_award_id_leaves_room_for_the_payout_and_its_winner_in_36_characters_and_is_read_again()
    {
        var random = SeededRandom.New();
        for (var i = 0; i < 1_000; i++)
        {
            var id = AwardId.Of(ShardEpoch.Of("eu-mt-1", random.Next(1, int.MaxValue)), PoolId.Parse("a"), random.NextInt64(long.MaxValue));
            Assert.InRange($"payout-{id}-9999".Length, 1, 36);
            Assert.Equal(id, AwardId.Parse(id.Value));
        }
    }

    [Theory]
    [InlineData("", 1)]
    [InlineData("eu mt", 1)]
    [InlineData("eu-mt-1", 0)]
    public void A_shard_without_a_name_or_an_epoch_before_the_first_is_refused(string shard, int number) =>
        Assert.Throws<FormatException>(() => ShardEpoch.Of(shard, number));

    [Theory]
    [InlineData("jxv9pqkxdzm7d62j32zafdp")]
    [InlineData("jxv9pqkxdzm7d62j32zafdp11")]
    [InlineData("jxv9pqkxdzm7d62j32zafdpl")]
    [InlineData("JXV9PQKXDZM7D62J32ZAFDP1")]
    [InlineData("0123456789abcdef0123456789abcde")]
    [InlineData("0123456789ABCDEF0123456789ABCDEF")]
    [InlineData("0123456789abcdef0123456789abcdeg")]
    [InlineData(null)]
    public void An_award_id_is_24_characters_of_base_32_or_32_lower_case_hexadecimal_ones(string? text) =>
        Assert.False(AwardId.TryParse(text, out _));
}
