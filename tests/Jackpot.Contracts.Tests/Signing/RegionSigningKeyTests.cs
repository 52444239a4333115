using System.Security.Cryptography;
using Jackpot.Contracts.Signing;

namespace Jackpot.Contracts.Tests.Signing;

public sealed class RegionSigningKeyTests
{
    static readonly RegionKeyId Id = new("aa", "2026-11");

    [Fact]
    public void What_a_key_signs_its_public_half_verifies_and_nothing_else()
    {
        using var key = RegionSigningKey.Create(Id);
        using var verifier = new RegionPublicKey(Id, key.PublicKey);
        byte[] message = [1, 2, 3];
        var signature = key.Sign(message);
        Assert.Equal(RegionPublicKey.SignatureBytes, signature.Length);
        Assert.True(verifier.Verify(message, signature));
        Assert.False(verifier.Verify([1, 2, 4], signature));
        Assert.False(verifier.Verify(message, signature.AsSpan()[..^1]));
        Assert.False(verifier.Verify(message, []));
        Assert.False(verifier.Verify(message, new byte[RegionPublicKey.SignatureBytes]));
    }

    [Fact]
    public void A_key_comes_back_from_the_secret_store()
    {
        using var key = RegionSigningKey.Create(Id);
        using var again = RegionSigningKey.FromSecret(Id, key.ToSecret());
        using var verifier = new RegionPublicKey(Id, key.PublicKey);
        Assert.True(verifier.Verify([7], again.Sign([7])));
    }

    [Fact]
    public void Keys_of_another_curve_or_kind_or_without_a_private_half_are_refused()
    {
        using var other = ECDsa.Create(ECCurve.NamedCurves.nistP384);
        using var rsa = RSA.Create(2048);
        using var key = RegionSigningKey.Create(Id);
        Assert.All((byte[][])[[], [1, 2, 3], other.ExportPkcs8PrivateKey(), rsa.ExportPkcs8PrivateKey(), key.PublicKey],
            secret => Assert.Throws<FormatException>(() => RegionSigningKey.FromSecret(Id, Convert.ToBase64String(secret)).Dispose()));
        Assert.Throws<FormatException>(() => RegionSigningKey.FromSecret(Id, "no base64").Dispose());
        Assert.All((byte[][])[[], [1, 2, 3], other.ExportSubjectPublicKeyInfo(), rsa.ExportSubjectPublicKeyInfo(), [.. key.PublicKey, 0]],
            bytes => Assert.Throws<FormatException>(() => new RegionPublicKey(Id, bytes).Dispose()));
    }

    [Fact]
    public void A_ring_has_each_name_once()
    {
        using var key = RegionSigningKey.Create(Id);
        using var one = new RegionPublicKey(Id, key.PublicKey);
        using var other = new RegionPublicKey(Id, key.PublicKey);
        Assert.Throws<ArgumentException>(() => new RegionKeyRing([one, other]));
        Assert.Null(new RegionKeyRing([one]).Find(Id with { Name = "2026-12" }));
    }
}
