using Dapr;
using Grpc.Core;
using Jackpot.Ledger.Loops;

namespace Jackpot.Shard.Sidecar;

/// <summary>
/// Tells a fault of a row from an outage. When the database, the sidecar or what is behind it is away, every row fails and none is to blame: all
/// wait. Anything else, while the others can be handled, is the row's own.
/// </summary>
internal static class RowFault
{
    public static bool IsOutage(Exception fault) => fault switch
    {
        RpcException call => !IsOfTheRequest(call),
        DaprException { InnerException: RpcException call } => !IsOfTheRequest(call),
        DaprException => true,
        _ => DatabaseFault.IsOutage(fault),
    };

    /// <summary>The sidecar has read the request and will never take it, whereas other refusals speak of how it is set up, or of what is away.</summary>
    public static bool IsOfTheRequest(DaprException fault) => fault.InnerException is RpcException call && IsOfTheRequest(call);

    static bool IsOfTheRequest(RpcException call) => call.StatusCode is StatusCode.InvalidArgument or StatusCode.OutOfRange
        || (call.StatusCode == StatusCode.ResourceExhausted && call.Status.Detail.Contains("larger than max", StringComparison.OrdinalIgnoreCase));
}
