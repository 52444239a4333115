using System.Buffers.Binary;
using System.Text;

namespace Jackpot.Core.Chain;

/// <summary>The one encoding of everything that is hashed: each part has a fixed length or carries it, so no two messages can read the same.</summary>
/// <remarks>
/// Domain and names: one length byte, then ASCII. Numbers: eight bytes, big endian, never negative. Hashes: their bytes.
/// The domain comes first and names purpose and version; a message of one purpose can therefore never stand for another.
/// </remarks>
ref struct CanonicalMessage(Span<byte> buffer)
{
    /// <summary>The longest message: a domain, two names of 64, and room for numbers and hashes.</summary>
    public const int BytesMax = 320;

    readonly Span<byte> _buffer = buffer;
    int _length;

    public readonly ReadOnlySpan<byte> Written => _buffer[.._length];

    public void Byte(byte value) => _buffer[_length++] = value;

    public void Domain(ReadOnlySpan<byte> ascii)
    {
        Byte(checked((byte)ascii.Length));
        Raw(ascii);
    }

    public void Name(string ascii)
    {
        Byte(checked((byte)ascii.Length));
        _length += Encoding.ASCII.GetBytes(ascii, _buffer[_length..]);
    }

    public void Number(long value)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(value);
        BinaryPrimitives.WriteInt64BigEndian(_buffer[_length..], value);
        _length += sizeof(long);
    }

    /// <summary>The same message with one more number at its end; the buffer's rest is shared, so only the last copy made may be read.</summary>
    public readonly CanonicalMessage WithNumber(long value)
    {
        var longer = this;
        longer.Number(value);
        return longer;
    }

    public void Hash(in Hash32 hash)
    {
        hash.CopyTo(_buffer[_length..]);
        _length += Hash32.Bytes;
    }

    public void Hash(in Hash16 hash)
    {
        hash.CopyTo(_buffer[_length..]);
        _length += Hash16.Bytes;
    }

    void Raw(ReadOnlySpan<byte> bytes)
    {
        bytes.CopyTo(_buffer[_length..]);
        _length += bytes.Length;
    }
}
