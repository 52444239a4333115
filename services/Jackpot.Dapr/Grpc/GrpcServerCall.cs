using System.Globalization;
using Jackpot.Dapr.Texts;
using Microsoft.AspNetCore.Http;

namespace Jackpot.Dapr.Grpc;

/// <summary>What a handler may know of the call it serves.</summary>
public sealed class GrpcServerCall : IDisposable
{
    // Peers refuse long headers, and the whole call with them.
    const int DetailCharsMax = 1_000;

    readonly CancellationTokenSource _end;

    internal GrpcServerCall(HttpContext http, int messageBytesMax)
    {
        Http = http;
        MessageBytesMax = messageBytesMax;
        _end = CancellationTokenSource.CreateLinkedTokenSource(http.RequestAborted);
        if (http.Request.Headers["grpc-timeout"] is [{ } text] && GrpcText.TryDecodeTimeout(text, out var timeout) && timeout < TimeSpan.FromDays(24))
        {
            _end.CancelAfter(timeout);
        }
    }

    /// <summary>Headers, connection and services of the call.</summary>
    public HttpContext Http { get; }

    /// <summary>Fires when the caller went away or its deadline passed.</summary>
    public CancellationToken CancellationToken => _end.Token;

    /// <summary>Largest message accepted or sent, in bytes.</summary>
    public int MessageBytesMax { get; }

    /// <inheritdoc/>
    public void Dispose() => _end.Dispose();

    internal RpcStatusCode CancellationStatus => Http.RequestAborted.IsCancellationRequested ? RpcStatusCode.Cancelled : RpcStatusCode.DeadlineExceeded;

    internal async Task StartAsync()
    {
        Http.Response.StatusCode = StatusCodes.Status200OK;
        Http.Response.ContentType = "application/grpc";
        await Http.Response.StartAsync(CancellationToken);
    }

    /// <summary>Before the first message the status goes into the headers ("trailers-only"), afterwards into the trailers.</summary>
    internal void End(RpcStatusCode status, string detail)
    {
        var response = Http.Response;
        var code = ((int)status).ToString(CultureInfo.InvariantCulture);
        var message = GrpcText.EncodeMessage(OutsideText.Clean(detail, DetailCharsMax));
        if (response.HasStarted)
        {
            response.AppendTrailer("grpc-status", code);
            if (message.Length > 0)
            {
                response.AppendTrailer("grpc-message", message);
            }

            return;
        }

        response.StatusCode = StatusCodes.Status200OK;
        response.ContentType = "application/grpc";
        response.Headers["grpc-status"] = code;
        if (message.Length > 0)
        {
            response.Headers["grpc-message"] = message;
        }
    }
}
