using Jackpot.Core.Awards;
using Jackpot.Core.Chain;
using Jackpot.Core.Draws;
using Jackpot.Core.Ids;

namespace Jackpot.Core.Tests.Chain;

/// <summary>
/// The formats that outsiders recompute, pinned. The values were computed by a second program in another language from the
/// descriptions in the summaries. If one changes, every export that was ever published stops verifying: make a v2 domain instead.
/// </summary>
[Trait("Rule", "R45")]
public sealed class KnownAnswerTests
{
    static readonly JackpotId Jackpot = JackpotId.Parse("euro-spins");
    static readonly PoolId Pool = PoolId.Parse("euro-spins-main");
    static readonly CycleSecret Secret = new([.. Enumerable.Range(0, 32).Select(i => (byte)i)]);
    static readonly Hash32 Head = new([.. Enumerable.Repeat((byte)0xAA, 32)]);

    [Fact]
    public void Draw() =>
        Assert.Equal(2694100692895912799UL, Core.Draws.Draw.Of(Secret, Jackpot, Pool, 3, 12345, Head));

    [Fact]
    public void Draw_threshold() =>
        Assert.Equal(184467440737095UL, Core.Draws.Draw.Threshold(2_500_000, 250_000_000_000));

    [Fact]
    public void Secret_commitment() =>
        Assert.Equal("630dcd2966c4336691125448bbb25b4ff412a49c732db2c8abc1b8581bd710dd", Commitment.Of(Secret).ToString());

    [Theory]
    [InlineData(1, 10_000_000, 12_000_000, 10_071_931)]
    [InlineData(2, 10_000_000, 12_000_000, 11_691_511)]
    [InlineData(1, 0, 6_917_529_027_641_081_856, 5_553_951_888_885_629_132)] // two attempts are refused before it
    public void Hidden_threshold(long cycle, long min, long max, long hidden) =>
        Assert.Equal(hidden, HiddenThreshold.For(Secret, PoolId.Parse("quick-pot"), cycle, min, max));

    [Fact]
    public void Contribution_leaf() =>
        Assert.Equal("de3c8f2d6a6f0b22cb660f79d8306061d884531bd8b3420caedb0ba684bc8394",
            ContributionLeaf.Hash(Jackpot, 12345, 2_500_000, 31_250, AllOf(0x11), AllOf(0x22)).ToString());

    [Fact]
    public void Chain_genesis() =>
        Assert.Equal("956780eaf8a9311a49d638b9f6febe3fcf6a134adaf30197c79f323a75ec0ebe", ChainHead.Genesis(Jackpot).ToString());

    [Fact]
    public void Chain_head()
    {
        var root = Hash32.Parse("de3c8f2d6a6f0b22cb660f79d8306061d884531bd8b3420caedb0ba684bc8394");
        Assert.Equal("f8052f3a7bbc057b0a7f94b33edc9359f67f834bf06cdbcfdf792ebe8f797bc9", ChainHead.Advance(Head, root, 12345, 1).ToString());
    }

    [Fact]
    public void Award_id_in_an_epoch() =>
        Assert.Equal("jxv9pqkxdzm7d62j32zafdp1", AwardId.Of(ShardEpoch.Of("eu-mt-1", 2), Pool, 3).Value);

    [Fact]
    public void Award_id_before_epochs() =>
        Assert.Equal("228d56c8808d8c6d3c3bd1ede0274584", AwardId.Of(Pool, 3).Value);

    static Hash16 AllOf(byte value) => new([.. Enumerable.Repeat(value, 16)]);
}
