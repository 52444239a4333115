using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace Jackpot.Ledger.Contributions;

/// <summary>Length-prefixed fields, so that no two different field lists have the same bytes.</summary>
internal ref struct CanonicalText(Span<byte> start)
{
    Span<byte> _buffer = start;
    int _length;

    public void Add(string field)
    {
        Reserve(sizeof(int) + Encoding.UTF8.GetMaxByteCount(field.Length));
        var written = Encoding.UTF8.GetBytes(field, _buffer[(_length + sizeof(int))..]);
        BinaryPrimitives.WriteInt32BigEndian(_buffer[_length..], written);
        _length += sizeof(int) + written;
    }

    public void Add(long field)
    {
        Reserve(sizeof(long));
        BinaryPrimitives.WriteInt64BigEndian(_buffer[_length..], field);
        _length += sizeof(long);
    }

    public readonly Guid Hash()
    {
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(_buffer[.._length], hash);
        return new Guid(hash[..16], bigEndian: true);
    }

    void Reserve(int bytes)
    {
        if (_length + bytes > _buffer.Length)
        {
            var larger = new byte[Math.Max(_buffer.Length * 2, _length + bytes)];
            _buffer[.._length].CopyTo(larger);
            _buffer = larger;
        }
    }
}
