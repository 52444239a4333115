using System.Security.Cryptography;
using Jackpot.Ledger.Dedupe;
using Jackpot.Shard.Contributions;

namespace Jackpot.Shard.Tests.Storage.Dedupe;

public sealed class KeyFilterTests
{
    const int Keys = 200_000;

    [Fact]
    public void Every_key_that_was_added_may_be_contained()
    {
        var filter = Filled();

        Assert.DoesNotContain(Enumerable.Range(0, Keys), i => !filter.MightContain(new KeyFilter.Probe(Key(i))));
    }

    [Fact]
    public void Fewer_than_one_other_key_in_a_thousand_may_be_contained()
    {
        var filter = Filled();

        Assert.InRange(Enumerable.Range(Keys, Keys).Count(i => filter.MightContain(new KeyFilter.Probe(Key(i)))), 0, Keys / 1_000);
    }

    [Fact]
    public void A_filter_reads_its_own_bytes_and_no_other_versions()
    {
        var bytes = Filled().ToBytes();
        var read = KeyFilter.FromBytes(bytes)!;
        var other = bytes.ToArray();
        other[2]++;

        Assert.True(read.MightContain(new KeyFilter.Probe(Key(0))));
        Assert.Equal(bytes, read.ToBytes());
        Assert.Null(KeyFilter.FromBytes(other));
        Assert.Null(KeyFilter.FromBytes(bytes.AsSpan(0, bytes.Length - 8)));
        Assert.Null(KeyFilter.FromBytes([]));
    }

    [Fact]
    public void The_bytes_of_a_filter_stay_the_same_from_version_to_version()
    {
        var filter = KeyFilter.For(1_000);
        for (var i = 0; i < 1_000; i++)
        {
            filter.Add(Key(i));
        }

        // A filter that was stored by one version and is misread by the next would forget keys. Change the mark when this changes.
        Assert.Equal("10c6a9288f943f0dade23eff2cbf0662efaca2c31a01b5eead2be85d92212328", Convert.ToHexStringLower(SHA256.HashData(filter.ToBytes())));
    }

    [Fact]
    public void An_empty_window_contains_nothing() => Assert.False(KeyFilter.For(0).MightContain(new KeyFilter.Probe(Key(1))));

    static KeyFilter Filled()
    {
        var filter = KeyFilter.For(Keys);
        for (var i = 0; i < Keys; i++)
        {
            filter.Add(Key(i));
        }

        return filter;
    }

    static Guid Key(int i) => ContributionHash.Key("brand-42", $"key-{i}");
}
