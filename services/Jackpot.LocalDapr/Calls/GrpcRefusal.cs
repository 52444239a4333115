using System.Globalization;
using Grpc.Core;

namespace Jackpot.LocalDapr.Calls;

/// <summary>A status for a gRPC call that reaches no method ("trailers-only").</summary>
static class GrpcRefusal
{
    public static bool IsGrpc(HttpRequest request) => request.ContentType?.StartsWith("application/grpc", StringComparison.Ordinal) == true;

    /// <summary>The message is printable ASCII: it is sent as it is.</summary>
    public static Task RefuseGrpc(this HttpContext http, StatusCode status, string message)
    {
        http.Response.ContentType = "application/grpc";
        http.Response.Headers["grpc-status"] = ((int)status).ToString(CultureInfo.InvariantCulture);
        http.Response.Headers["grpc-message"] = message;
        return Task.CompletedTask;
    }
}
