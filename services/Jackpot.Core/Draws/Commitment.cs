using System.Security.Cryptography;
using Jackpot.Core.Chain;

namespace Jackpot.Core.Draws;

/// <summary>SHA-256 of a <see cref="CycleSecret"/>, published when the cycle opens: afterwards the secret cannot be exchanged for a luckier one.</summary>
public readonly record struct Commitment(Hash32 Value)
{
    public static Commitment Of(in CycleSecret secret)
    {
        Span<byte> bytes = stackalloc byte[CycleSecret.Bytes];
        Span<byte> hash = stackalloc byte[Hash32.Bytes];
        secret.CopyTo(bytes);
        SHA256.HashData(bytes, hash);
        CryptographicOperations.ZeroMemory(bytes);
        return new Commitment(new Hash32(hash));
    }

    public override string ToString() => Value.ToString();
}
