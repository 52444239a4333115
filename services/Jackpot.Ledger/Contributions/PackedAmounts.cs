using System.Buffers.Binary;

namespace Jackpot.Ledger.Contributions;

/// <summary>What each pool showed after a contribution, as one column of its row.</summary>
internal static class PackedAmounts
{
    /// <summary>Amounts as the column holds them; <see cref="Unpack"/> is the way back.</summary>
    public static byte[] Pack(ReadOnlySpan<long> amounts)
    {
        var packed = new byte[amounts.Length * sizeof(long)];
        for (var i = 0; i < amounts.Length; i++)
        {
            BinaryPrimitives.WriteInt64BigEndian(packed.AsSpan(i * sizeof(long)), amounts[i]);
        }

        return packed;
    }

    public static long[] Unpack(ReadOnlySpan<byte> packed)
    {
        var amounts = new long[packed.Length / sizeof(long)];
        for (var i = 0; i < amounts.Length; i++)
        {
            amounts[i] = BinaryPrimitives.ReadInt64BigEndian(packed[(i * sizeof(long))..]);
        }

        return amounts;
    }
}
