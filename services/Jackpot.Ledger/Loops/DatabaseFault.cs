using System.Data.Common;
using Npgsql;

namespace Jackpot.Ledger.Loops;

/// <summary>Tells a fault of a row from an outage of the database, during which every row fails and none is to blame.</summary>
internal static class DatabaseFault
{
    /// <summary>SQLSTATE classes that speak of the values in a statement: data exceptions and broken constraints.</summary>
    static readonly string[] OfValues = ["22", "23"];

    public static bool IsOutage(Exception fault) => fault switch
    {
        PostgresException sql => !OfValues.Contains(sql.SqlState[..2], StringComparer.Ordinal),
        DbException or HttpRequestException or IOException or TimeoutException or OperationCanceledException => true,
        _ => false,
    };
}
