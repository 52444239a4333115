using System.Diagnostics;
using System.Security.Cryptography;
using Jackpot.Core.Chain;

namespace Jackpot.Core.Draws;

/// <summary>The 32 random bytes that decide a cycle. Made by the host when the cycle opens, sealed at rest, published when it has dropped.</summary>
/// <remarks>Nothing prints it: not <see cref="ToString"/>, not a debugger, not a record that holds it.</remarks>
[DebuggerDisplay("cycle secret (hidden)")]
public readonly struct CycleSecret : IEquatable<CycleSecret>
{
    /// <summary>Length in bytes.</summary>
    public const int Bytes = 32;

    [DebuggerBrowsable(DebuggerBrowsableState.Never)]
    readonly Hash32 _bytes;

    /// <exception cref="ArgumentException">There are not exactly 32 bytes.</exception>
    public CycleSecret(ReadOnlySpan<byte> bytes) => _bytes = new Hash32(bytes);

    /// <summary>Hands the bytes out: to be sealed, or to be published after the drop.</summary>
    public void CopyTo(Span<byte> destination) => _bytes.CopyTo(destination);

    public bool Equals(CycleSecret other)
    {
        Span<byte> left = stackalloc byte[Bytes];
        Span<byte> right = stackalloc byte[Bytes];
        CopyTo(left);
        other.CopyTo(right);
        return CryptographicOperations.FixedTimeEquals(left, right);
    }

    public override bool Equals(object? obj) => obj is CycleSecret other && Equals(other);

    // The commitment is public, so a hash code taken from it gives nothing away.
    public override int GetHashCode() => Commitment.Of(this).GetHashCode();

    public static bool operator ==(CycleSecret left, CycleSecret right) => left.Equals(right);

    public static bool operator !=(CycleSecret left, CycleSecret right) => !left.Equals(right);

    public override string ToString() => "(hidden)";
}
