using System.Security.Cryptography;
using System.Text;
using Jackpot.Wallets.Signing;

namespace Jackpot.Wallets.Tests.Signing;

public sealed class HttpSignatureTests
{
    static readonly DateTimeOffset Now = new(2026, 1, 1, 12, 0, 0, TimeSpan.Zero);
    static readonly SigningKey Key = new("brand-42", "0123456789abcdef");
    static readonly Dictionary<string, SigningKey> Keys = new() { [Key.Id] = Key };
    static readonly byte[] Body = "{\"a\":1}"u8.ToArray();
    static readonly SignedMessage Request = SignedMessage.Request("POST", "http://wallet.test:8095/wallet/transaction?x=1", Body);

    static SignatureFault? Verify(SignedMessage message, SignatureHeaders headers, DateTimeOffset? now = null, NonceMemory? seen = null) =>
        HttpSignature.Verify(message, headers, Keys, now ?? Now, seen);

    [Fact]
    public void What_was_signed_is_believed() => Assert.Null(Verify(Request, HttpSignature.Sign(Request, Key, Now)));

    /// <summary>The base of RFC 9421, section 2.5, built here by hand.</summary>
    [Fact]
    public void The_signature_is_over_the_base_that_the_rfc_describes()
    {
        var headers = HttpSignature.Sign(Request, Key, Now);
        var parameters = headers.SignatureInput["sig1=".Length..];
        Assert.StartsWith("(\"@method\" \"@target-uri\" \"content-digest\");created=1767268800;nonce=\"", parameters, StringComparison.Ordinal);
        Assert.EndsWith(""";keyid="brand-42";alg="hmac-sha256" """.TrimEnd(), parameters, StringComparison.Ordinal);
        Assert.Equal($"sha-256=:{Convert.ToBase64String(SHA256.HashData(Body))}:", headers.ContentDigest);

        var text = $"\"@method\": POST\n\"@target-uri\": http://wallet.test:8095/wallet/transaction?x=1\n\"content-digest\": {headers.ContentDigest}\n\"@signature-params\": {parameters}";
        var mac = HMACSHA256.HashData("0123456789abcdef"u8, Encoding.ASCII.GetBytes(text));
        Assert.Equal($"sig1=:{Convert.ToBase64String(mac)}:", headers.Signature);
    }

    [Fact]
    public void Another_method_address_body_or_key_is_not_believed()
    {
        var headers = HttpSignature.Sign(Request, Key, Now);

        Assert.Equal(SignatureFault.SignatureDiffers, Verify(SignedMessage.Request("PUT", "http://wallet.test:8095/wallet/transaction?x=1", Body), headers));
        Assert.Equal(SignatureFault.SignatureDiffers, Verify(SignedMessage.Request("POST", "http://wallet.test:8095/wallet/transaction?x=2", Body), headers));
        Assert.Equal(SignatureFault.DigestDiffers, Verify(SignedMessage.Request("POST", "http://wallet.test:8095/wallet/transaction?x=1", "{}"u8), headers));
        Assert.Equal(SignatureFault.SignatureDiffers, Verify(SignedMessage.Request("POST", "http://wallet.test:8095/wallet/transaction?x=1", "{}"u8), headers with { ContentDigest = SignedMessage.Request("", "", "{}"u8).Digest }));
        Assert.Equal(SignatureFault.SignatureDiffers, Verify(Request, HttpSignature.Sign(Request, new SigningKey(Key.Id, "another secret of it"), Now)));
        Assert.Equal(SignatureFault.UnknownKey, Verify(Request, HttpSignature.Sign(Request, new SigningKey("brand-43", "0123456789abcdef"), Now)));
    }

    [Theory]
    [InlineData(-61, SignatureFault.Stale)]
    [InlineData(-60, null)]
    [InlineData(60, null)]
    [InlineData(61, SignatureFault.Stale)]
    public void A_clock_may_be_a_minute_off(int seconds, SignatureFault? fault) =>
        Assert.Equal(fault, Verify(Request, HttpSignature.Sign(Request, Key, Now.AddSeconds(seconds))));

    [Fact]
    public void A_message_is_believed_once()
    {
        var (headers, seen) = (HttpSignature.Sign(Request, Key, Now), new NonceMemory());

        Assert.Null(Verify(Request, headers, seen: seen));
        Assert.Equal(SignatureFault.Replayed, Verify(Request, headers, seen: seen));
        Assert.Equal(SignatureFault.Replayed, Verify(Request, headers, Now.AddSeconds(60), seen));
        Assert.Null(Verify(Request, HttpSignature.Sign(Request, Key, Now), seen: seen));
    }

    [Fact]
    public void The_memory_of_nonces_has_an_end_and_what_it_cannot_remember_is_not_believed()
    {
        var seen = new NonceMemory(noncesMax: 2);

        Assert.True(seen.IsNew("k", "1", Now));
        Assert.True(seen.IsNew("k", "2", Now));
        Assert.False(seen.IsNew("k", "3", Now));
        Assert.True(seen.IsNew("k", "3", Now.AddMinutes(3)));
    }

    [Fact]
    public void An_answer_counts_for_its_own_request_only()
    {
        var (mine, other) = (HttpSignature.Sign(Request, Key, Now).Signature, HttpSignature.Sign(Request, Key, Now).Signature);
        var headers = HttpSignature.Sign(SignedMessage.Answer(200, Body, mine), Key, Now);

        Assert.Null(Verify(SignedMessage.Answer(200, Body, mine), headers));
        Assert.Equal(SignatureFault.SignatureDiffers, Verify(SignedMessage.Answer(200, Body, other), headers));
        Assert.Equal(SignatureFault.SignatureDiffers, Verify(SignedMessage.Answer(422, Body, mine), headers));
        Assert.Equal(SignatureFault.Malformed, Verify(Request, headers));
    }

    [Theory]
    [InlineData("", SignatureFault.Missing)]
    [InlineData("sig1=(\"@method\");created=1767268800;nonce=\"0123456789abcdef\";keyid=\"brand-42\";alg=\"hmac-sha256\"", SignatureFault.Malformed)]
    [InlineData("sig1=(\"@method\" \"@target-uri\" \"content-digest\");created=1767268800;keyid=\"brand-42\";alg=\"hmac-sha256\"", SignatureFault.Malformed)]
    [InlineData("sig1=(\"@method\" \"@target-uri\" \"content-digest\");created=1767268800;nonce=\"0123456789abcdef\";keyid=\"brand-42\";alg=\"none\"", SignatureFault.Malformed)]
    [InlineData("sig2=x", SignatureFault.Malformed)]
    public void Headers_that_leave_something_open_are_not_believed(string input, SignatureFault fault) =>
        Assert.Equal(fault, Verify(Request, HttpSignature.Sign(Request, Key, Now) with { SignatureInput = input }));

    [Theory]
    [InlineData("sig1=:AAAA:")]
    [InlineData("sig1=:====================================AAAAAAAA:")]
    public void A_signature_that_is_none_is_not_believed(string signature) =>
        Assert.NotNull(Verify(Request, HttpSignature.Sign(Request, Key, Now) with { Signature = signature }));

    [Theory]
    [InlineData("", "0123456789abcdef")]
    [InlineData("a\"b", "0123456789abcdef")]
    [InlineData("a", "short")]
    public void A_key_that_is_none_cannot_be_made(string id, string secret) => Assert.Throws<ArgumentException>(() => new SigningKey(id, secret));
}
