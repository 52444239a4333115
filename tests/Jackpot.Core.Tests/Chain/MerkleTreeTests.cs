using System.Security.Cryptography;
using Jackpot.Core.Chain;

namespace Jackpot.Core.Tests.Chain;

public sealed class MerkleTreeTests
{
    [Theory]
    [InlineData(1, "96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7")]
    [InlineData(2, "a20bf9a7cc2dc8a08f5f415a71b19f6ac427bab54d24eec868b5d3103449953a")]
    [InlineData(3, "3b6cccd7e3e023ff393006f030315ee7ad9eb111b022b41fba7e5b7a3973f688")]
    [InlineData(5, "b855b42d6c30f5b087e05266783fbd6e394f7b926013ccaa67700a8b0c5a596f")]
    [InlineData(8, "ef7f49b620f6c7ea9b963a214da34b5021c6ded8ed57734380a311ab726aa907")]
    [InlineData(1000, "0d343e158593aac020307dd7864714aa1d2318202d1d739c024a49582027bd92")]
    public void Roots_are_those_of_RFC_6962(int leaves, string root) =>
        Assert.Equal(root, MerkleTree.Root(Leaves(leaves)).ToString());

    [Fact]
    public void Every_size_up_to_300_agrees_with_the_RFCs_recursive_definition()
    {
        for (var size = 1; size <= 300; size++)
        {
            var leaves = Leaves(size);
            Assert.Equal(Recursive(leaves), MerkleTree.Root(leaves));
        }
    }

    [Fact]
    public void No_leaves_have_no_root() =>
        Assert.Throws<ArgumentException>(() => MerkleTree.Root([]));

    [Fact]
    public void Another_order_is_another_root()
    {
        var leaves = Leaves(4);
        Array.Reverse(leaves);
        Assert.NotEqual(MerkleTree.Root(Leaves(4)), MerkleTree.Root(leaves));
    }

    [Fact]
    public void A_root_allocates_nothing()
    {
        var leaves = Leaves(1000);
        MerkleTree.Root(Leaves(1000));
        var before = GC.GetAllocatedBytesForCurrentThread();
        MerkleTree.Root(leaves);
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    static Hash32[] Leaves(int count) =>
        [.. Enumerable.Range(0, count).Select(i => new Hash32(SHA256.HashData([0, (byte)i])))];

    static Hash32 Recursive(ReadOnlySpan<Hash32> leaves)
    {
        if (leaves.Length == 1)
        {
            return leaves[0];
        }

        var split = 1;
        while (split * 2 < leaves.Length)
        {
            split *= 2;
        }

        return new Hash32(SHA256.HashData([1, .. Recursive(leaves[..split]).ToArray(), .. Recursive(leaves[split..]).ToArray()]));
    }
}
