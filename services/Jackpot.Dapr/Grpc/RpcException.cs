namespace Jackpot.Dapr.Grpc;

/// <summary>
/// A gRPC call that did not end with status OK. A server handler throws it to answer with that status; a client throws it for
/// every failure except the caller's own cancellation, which stays an <see cref="OperationCanceledException"/>.
/// </summary>
public sealed class RpcException : Exception
{
    /// <summary>Creates the exception.</summary>
    /// <param name="statusCode">What <c>grpc-status</c> said or shall say.</param>
    /// <param name="detail">What <c>grpc-message</c> said or shall say.</param>
    /// <param name="innerException">The cause on this side of the wire, if there is one.</param>
    public RpcException(RpcStatusCode statusCode, string detail, Exception? innerException = null)
        : base($"{statusCode}: {detail}", innerException)
    {
        StatusCode = statusCode;
        Detail = detail;
    }

    /// <summary>The status of the call.</summary>
    public RpcStatusCode StatusCode { get; }

    /// <summary>The message of the other side, decoded.</summary>
    public string Detail { get; }

    /// <summary>True when no byte of the request can have reached the other side, so that repeating it is always safe.</summary>
    public bool NothingWasSent { get; init; }
}
