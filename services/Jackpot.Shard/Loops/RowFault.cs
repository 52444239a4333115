using System.Data.Common;
using Jackpot.Dapr.Client;
using Jackpot.Dapr.Grpc;
using Npgsql;

namespace Jackpot.Shard.Loops;

/// <summary>
/// Tells a fault of a row from an outage. When the database, the sidecar or what is behind it is away, every row fails and none is to blame: all
/// wait. Anything else, while the others can be handled, is the row's own.
/// </summary>
internal static class RowFault
{
    /// <summary>SQLSTATE classes that speak of the values in a statement: data exceptions and broken constraints.</summary>
    static readonly string[] OfValues = ["22", "23"];

    public static bool IsOutage(Exception fault) => fault switch
    {
        PostgresException sql => !OfValues.Contains(sql.SqlState[..2], StringComparer.Ordinal),
        DbException or HttpRequestException or IOException or TimeoutException or OperationCanceledException => true,
        DaprApiException dapr => dapr.Outcome == DaprOutcome.InDoubt || !IsOfTheRequest(dapr),
        RpcException rpc => rpc.StatusCode is not (RpcStatusCode.InvalidArgument or RpcStatusCode.FailedPrecondition or RpcStatusCode.OutOfRange),
        _ => false,
    };

    /// <summary>The sidecar has read the request and will never take it, whereas 401, 403, 404 and the like speak of how it is set up.</summary>
    public static bool IsOfTheRequest(DaprApiException fault) => (int?)fault.Status is 400 or 413 or 422;
}
