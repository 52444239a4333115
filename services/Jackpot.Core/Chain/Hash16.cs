using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Jackpot.Core.Chain;

/// <summary>A shortened hash as a value: 16 bytes, no heap. Idempotency keys and request bodies enter the chain as these.</summary>
public readonly struct Hash16 : IEquatable<Hash16>
{
    /// <summary>Length in bytes.</summary>
    public const int Bytes = 16;

    readonly Block _block;

    /// <exception cref="ArgumentException">There are not exactly 16 bytes.</exception>
    public Hash16(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length != Bytes)
        {
            throw new ArgumentException($"A hash of {Bytes} bytes was expected, {bytes.Length} were given.", nameof(bytes));
        }

        bytes.CopyTo(_block);
    }

    public void CopyTo(Span<byte> destination) => ((ReadOnlySpan<byte>)_block).CopyTo(destination);

    public byte[] ToArray() => ((ReadOnlySpan<byte>)_block).ToArray();

    public bool Equals(Hash16 other) => ((ReadOnlySpan<byte>)_block).SequenceEqual(other._block);

    public override bool Equals([NotNullWhen(true)] object? obj) => obj is Hash16 other && Equals(other);

    // The bytes come from SHA-256, so any four of them are a good hash code.
    public override int GetHashCode() => MemoryMarshal.Read<int>(_block);

    public static bool operator ==(Hash16 left, Hash16 right) => left.Equals(right);

    public static bool operator !=(Hash16 left, Hash16 right) => !left.Equals(right);

    /// <summary>Lower-case hexadecimal.</summary>
    public override string ToString() => Convert.ToHexStringLower(_block);

    /// <summary>False unless the text is exactly 32 hexadecimal characters.</summary>
    public static bool TryParse(string? hex, out Hash16 hash)
    {
        Span<byte> bytes = stackalloc byte[Bytes];
        var good = hex is { Length: 2 * Bytes }
            && Convert.FromHexString(hex, bytes, out _, out _) == System.Buffers.OperationStatus.Done;
        hash = good ? new Hash16(bytes) : default;
        return good;
    }

    /// <exception cref="FormatException">The text is not exactly 32 hexadecimal characters.</exception>
    public static Hash16 Parse(string? hex) =>
        TryParse(hex, out var hash) ? hash : throw new FormatException($"A hash is {2 * Bytes} hexadecimal characters.");

    [InlineArray(Bytes)]
    struct Block
    {
        byte _first;
    }
}
