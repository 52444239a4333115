using Jackpot.Wallets.Transactions;

namespace Jackpot.Wallets.Tests.Transactions;

public sealed class TransactionIdsTests
{
    [Fact]
    public void An_id_that_fits_is_left_alone() => Assert.Equal("payout-abc-9999", TransactionIds.Fit("payout-abc-9999", IdRule.Usual));

    [Theory]
    [InlineData(36, IdCharacters.Text, "payout-e688ffb6a86b583b738ec02da35b289e-12", "16rrp4sqjd5bvp914e9vqf5exqhfgf3ahtx4")]
    [InlineData(24, IdCharacters.Text, "payout-1234567890-1234567890", "")]
    [InlineData(36, IdCharacters.Text, "bet/1", "")]
    [InlineData(24, IdCharacters.Digits, "payout-1", "")]
    [InlineData(36, IdCharacters.Uuid, "payout-1", "")]
    public void Another_follows_from_it_alone_and_fits(int charsMax, IdCharacters characters, string id, string known)
    {
        var rule = new IdRule(charsMax, characters);
        var fitted = TransactionIds.Fit(id, rule);

        Assert.Equal(fitted, TransactionIds.Fit(id, rule));
        Assert.InRange(fitted.Length, 24, Math.Min(36, charsMax));
        Assert.NotEqual(fitted, TransactionIds.Fit(id + "x", rule));
        Assert.All(fitted, symbol => Assert.True(char.IsAsciiLetterOrDigit(symbol) || symbol == '-'));
        if (known.Length > 0)
        {
            Assert.Equal(known, fitted);
        }
    }

    [Fact]
    public void A_uuid_is_of_version_8() => Assert.Matches("^[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$", TransactionIds.Fit("payout-1", new IdRule(36, IdCharacters.Uuid)));

    [Fact]
    public void Ids_of_24_digits_are_as_many_as_what_they_follow_from()
    {
        var rule = new IdRule(24, IdCharacters.Digits);
        Assert.Equal(100_000, Enumerable.Range(0, 100_000).Select(i => TransactionIds.Fit($"payout-{i}", rule)).Distinct().Count());
    }
}
