using System.Globalization;
using System.Net;
using System.Net.Http.Headers;

namespace Jackpot.Dapr.Grpc;

/// <summary>Turns what HTTP/2 tells about a finished or broken call into a gRPC status.</summary>
internal static class GrpcResponse
{
    /// <summary>An error without a message may come as "trailers-only": the status is then among the headers.</summary>
    public static void EnsureOkHeaders(HttpResponseMessage response)
    {
        if (TryReadStatus(response.Headers, out var status, out var detail) && status != RpcStatusCode.Ok)
        {
            response.Dispose();
            throw new RpcException(status, detail);
        }

        if (response.StatusCode == HttpStatusCode.OK
            && response.Content.Headers.ContentType?.MediaType?.StartsWith("application/grpc", StringComparison.Ordinal) == true)
        {
            return;
        }

        var seen = $"HTTP {(int)response.StatusCode}, content type {response.Content.Headers.ContentType?.MediaType ?? "none"}, instead of a gRPC answer";
        var code = FromHttp(response.StatusCode);
        response.Dispose();
        throw new RpcException(code, seen);
    }

    public static void EnsureOkTrailers(HttpResponseMessage response)
    {
        if (!TryReadStatus(response.TrailingHeaders, out var status, out var detail)
            && !TryReadStatus(response.Headers, out status, out detail))
        {
            throw new RpcException(RpcStatusCode.Internal, "The answer ended without a grpc-status.");
        }

        if (status != RpcStatusCode.Ok)
        {
            throw new RpcException(status, detail);
        }
    }

    public static Exception Translate(Exception failure, TimeSpan timeout, CancellationToken callersToken)
    {
        if (callersToken.IsCancellationRequested)
        {
            return new OperationCanceledException("The caller cancelled the gRPC call.", failure, callersToken);
        }

        return failure switch
        {
            OperationCanceledException => new RpcException(RpcStatusCode.DeadlineExceeded, $"No answer within {timeout}.", failure),
            HttpRequestException { HttpRequestError: HttpRequestError.ConnectionError or HttpRequestError.NameResolutionError } =>
                new RpcException(RpcStatusCode.Unavailable, failure.Message, failure) { NothingWasSent = true },
            HttpRequestException or IOException => new RpcException(FromReset(failure), failure.Message, failure),
            _ => failure,
        };
    }

    static RpcStatusCode FromReset(Exception failure) =>
        (failure as HttpProtocolException ?? failure.InnerException as HttpProtocolException)?.ErrorCode switch
        {
            0x8 => RpcStatusCode.Cancelled,
            0xB => RpcStatusCode.ResourceExhausted,
            0xC => RpcStatusCode.PermissionDenied,
            _ => RpcStatusCode.Unavailable,
        };

    static RpcStatusCode FromHttp(HttpStatusCode status) => (int)status switch
    {
        400 => RpcStatusCode.Internal,
        401 => RpcStatusCode.Unauthenticated,
        403 => RpcStatusCode.PermissionDenied,
        404 => RpcStatusCode.Unimplemented,
        429 or 502 or 503 or 504 => RpcStatusCode.Unavailable,
        _ => RpcStatusCode.Unknown,
    };

    static bool TryReadStatus(HttpResponseHeaders headers, out RpcStatusCode status, out string detail)
    {
        status = RpcStatusCode.Unknown;
        detail = "";
        if (!headers.TryGetValues("grpc-status", out var values))
        {
            return false;
        }

        if (int.TryParse(values.First(), NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number is >= 0 and <= 16)
        {
            status = (RpcStatusCode)number;
        }

        if (headers.TryGetValues("grpc-message", out var messages))
        {
            detail = GrpcText.DecodeMessage(messages.First());
        }

        return true;
    }
}
