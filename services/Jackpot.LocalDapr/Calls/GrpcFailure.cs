using Grpc.Core;

namespace Jackpot.LocalDapr.Calls;

/// <summary>A gRPC call that is answered with a status other than OK.</summary>
static class GrpcFailure
{
    public static RpcException Of(StatusCode status, string message) => new(new Status(status, message));
}
