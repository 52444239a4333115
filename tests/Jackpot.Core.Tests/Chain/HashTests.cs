using Jackpot.Core.Chain;
using Jackpot.Core.Ids;
using Jackpot.Core.Tests.Play;

namespace Jackpot.Core.Tests.Chain;

public sealed class HashTests
{
    [Fact]
    public void A_hash_survives_text_and_bytes()
    {
        var random = SeededRandom.New();
        var (hash, key) = (new Hash32(random.Bytes(32)), new Hash16(random.Bytes(16)));
        Assert.Equal((hash, key), (Hash32.Parse(hash.ToString()), Hash16.Parse(key.ToString().ToUpperInvariant())));
        Assert.Equal((hash, key), (new Hash32(hash.ToArray()), new Hash16(key.ToArray())));
        Assert.True(hash != default && key != default);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("00")]
    [InlineData("zz00000000000000000000000000000000000000000000000000000000000000")]
    public void Other_texts_are_no_hash(string? text)
    {
        Assert.False(Hash32.TryParse(text, out _));
        Assert.False(Hash16.TryParse(text, out _));
        Assert.Throws<FormatException>(() => Hash32.Parse(text));
    }

    [Fact]
    public void Other_lengths_are_no_hash()
    {
        Assert.Throws<ArgumentException>(() => new Hash32(new byte[31]));
        Assert.Throws<ArgumentException>(() => new Hash16(new byte[17]));
    }

    [Fact]
    public void Every_field_of_a_leaf_changes_it()
    {
        var (a, b) = (new Hash16([.. Enumerable.Repeat((byte)1, 16)]), default(Hash16));
        Hash32[] leaves =
        [
            ContributionLeaf.Hash(JackpotId.Parse("a"), 1, 2, 3, a, a),
            ContributionLeaf.Hash(JackpotId.Parse("b"), 1, 2, 3, a, a),
            ContributionLeaf.Hash(JackpotId.Parse("a"), 2, 2, 3, a, a),
            ContributionLeaf.Hash(JackpotId.Parse("a"), 1, 3, 3, a, a),
            ContributionLeaf.Hash(JackpotId.Parse("a"), 1, 2, 4, a, a),
            ContributionLeaf.Hash(JackpotId.Parse("a"), 1, 2, 3, b, a),
            ContributionLeaf.Hash(JackpotId.Parse("a"), 1, 2, 3, a, b),
            ContributionLeaf.Hash(JackpotId.Parse("a"), 1, 2, 3, a, a, 1),
            ContributionLeaf.Hash(JackpotId.Parse("a"), 1, 2, 3, a, a, 2),
        ];
        Assert.Equal(leaves.Length, leaves.Distinct().Count());
    }

    [Fact]
    public void The_chain_refuses_an_empty_batch()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => ChainHead.Advance(default, default, 1, 0));
        Assert.Throws<ArgumentOutOfRangeException>(() => ChainHead.Advance(default, default, 0, 1));
    }
}
