using System.Numerics;
using Npgsql;

namespace Jackpot.Ledger.Storage;

/// <summary>Reads sums of money. Single amounts are bigint, their sums numeric, and neither is ever narrowed without a check.</summary>
internal static class Sums
{
    /// <summary>A sum in micro-units, however large.</summary>
    /// <exception cref="OverflowException">It does not fit into 128 bits, so it is no sum of this platform's amounts.</exception>
    public static Int128 GetSum(this NpgsqlDataReader row, int column) =>
        row.GetFieldType(column) == typeof(decimal) ? (Int128)row.GetFieldValue<BigInteger>(column) : row.GetInt64(column);

    /// <summary>A sum that is an amount again, such as what moved one balance.</summary>
    /// <exception cref="OverflowException">It is not.</exception>
    public static long GetMicros(this NpgsqlDataReader row, int column) => checked((long)row.GetSum(column));

    public static Int128 SumOf<T>(this IEnumerable<T> items, Func<T, Int128> micros) =>
        items.Aggregate(Int128.Zero, (sum, item) => checked(sum + micros(item)));
}
