using System.Buffers.Binary;
using System.Numerics;
using System.Runtime.InteropServices;

namespace Jackpot.Ledger.Dedupe;

/// <summary>
/// Says of a key whether a closed window may hold it. "No" is certain, "maybe" is wrong about twice in 10,000 times: a Bloom filter whose
/// bits for one key lie in one cache line, so that a question costs one memory access.
/// </summary>
internal sealed class KeyFilter
{
    /// <summary>Memory that one key takes, in bits.</summary>
    public const int BitsPerKey = 20;

    const int BitsSetPerKey = 10;
    const int BlockBits = 512;
    const int WordBits = 64;
    const int WordsPerBlock = BlockBits / WordBits;

    // Names format and parameters; a filter of another version is built again, for read wrongly it would forget keys.
    const ulong Mark = 0x4A50_4B46_0114_0A01;

    static readonly byte[] MarkBytes = BitConverter.GetBytes(BitConverter.IsLittleEndian ? Mark : BinaryPrimitives.ReverseEndianness(Mark));

    readonly ulong[] _words;
    readonly uint _blocks;

    KeyFilter(ulong[] words)
    {
        _words = words;
        _blocks = (uint)(words.Length / WordsPerBlock);
    }

    /// <summary>What the bytes of every filter that this version can read begin with.</summary>
    public static ReadOnlySpan<byte> Version => MarkBytes;

    /// <summary>Size in memory.</summary>
    public long Bytes => (long)_words.Length * sizeof(ulong);

    /// <summary>An empty filter for this many keys.</summary>
    public static KeyFilter For(long keys)
    {
        var blocks = Math.Max(1, keys * BitsPerKey / BlockBits + 1);
        return new KeyFilter(new ulong[checked((int)(blocks * WordsPerBlock))]);
    }

    public void Add(Guid key)
    {
        var probe = new Probe(key);
        var block = Block(probe);
        for (var i = 0; i < BitsSetPerKey; i++)
        {
            var bit = probe.Bit(i);
            block[bit / WordBits] |= 1UL << (bit % WordBits);
        }
    }

    /// <summary>Forgets every key.</summary>
    public void Clear() => Array.Clear(_words);

    public bool MightContain(in Probe probe)
    {
        var block = Block(probe);
        for (var i = 0; i < BitsSetPerKey; i++)
        {
            var bit = probe.Bit(i);
            if ((block[bit / WordBits] & (1UL << (bit % WordBits))) == 0)
            {
                return false;
            }
        }

        return true;
    }

    Span<ulong> Block(in Probe probe) => _words.AsSpan((int)(probe.Scaled(_blocks) * WordsPerBlock), WordsPerBlock);

    public byte[] ToBytes()
    {
        var bytes = new byte[(_words.Length + 1) * sizeof(ulong)];
        Version.CopyTo(bytes);
        for (var i = 0; i < _words.Length; i++)
        {
            BinaryPrimitives.WriteUInt64LittleEndian(bytes.AsSpan((i + 1) * sizeof(ulong)), _words[i]);
        }

        return bytes;
    }

    /// <summary>The filter as it was stored, or null when it is of another version or damaged in size.</summary>
    public static KeyFilter? FromBytes(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length < 2 * sizeof(ulong) || !bytes.StartsWith(Version) || (bytes.Length / sizeof(ulong) - 1) % WordsPerBlock != 0
            || bytes.Length % sizeof(ulong) != 0)
        {
            return null;
        }

        var words = MemoryMarshal.Cast<byte, ulong>(bytes[sizeof(ulong)..]).ToArray();
        if (!BitConverter.IsLittleEndian)
        {
            BinaryPrimitives.ReverseEndianness(words, words);
        }

        return new KeyFilter(words);
    }

    /// <summary>Where a key's bits lie, worked out once for all windows. The key is a hash already.</summary>
    public readonly struct Probe
    {
        readonly uint _place;
        readonly uint _first;
        readonly uint _step;

        public Probe(Guid key)
        {
            Span<byte> bytes = stackalloc byte[16];
            key.TryWriteBytes(bytes, bigEndian: true, out _);
            _place = BinaryPrimitives.ReadUInt32LittleEndian(bytes);
            _first = BinaryPrimitives.ReadUInt32LittleEndian(bytes[4..]);
            _step = BitOperations.RotateLeft(BinaryPrimitives.ReadUInt32LittleEndian(bytes[8..]), 7) | 1;
        }

        /// <summary>The place scaled to a number of blocks.</summary>
        public long Scaled(uint blocks) => (long)(((ulong)_place * blocks) >> 32);

        /// <summary>The i-th bit inside the block; the high bits of the product are its best mixed ones.</summary>
        public int Bit(int i) => (int)(unchecked(_first + (uint)i * _step) >> 23);
    }
}
