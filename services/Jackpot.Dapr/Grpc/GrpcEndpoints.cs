using Google.Protobuf;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Jackpot.Dapr.Grpc;

/// <summary>
/// Serves gRPC methods from Kestrel; the listening address must speak HTTP/2 without TLS (<c>HttpProtocols.Http2</c>).
/// A handler answers an error by throwing <see cref="RpcException"/>; every other exception becomes Unknown and is logged.
/// </summary>
public static partial class GrpcEndpoints
{
    /// <summary>Maps a unary method.</summary>
    public static IEndpointConventionBuilder MapGrpcUnary<TRequest, TResponse>(
        this IEndpointRouteBuilder endpoints,
        string path,
        Func<TRequest, GrpcServerCall, Task<TResponse>> handler,
        int messageBytesMax = GrpcChannelOptions.MessageBytesMaxDefault)
        where TRequest : class, IMessage<TRequest>, new()
        where TResponse : class, IMessage<TResponse> =>
        Map<TRequest>(endpoints, path, messageBytesMax, async (request, call) =>
        {
            var response = await handler(request, call);
            if (response.CalculateSize() > messageBytesMax)
            {
                throw new RpcException(RpcStatusCode.ResourceExhausted, $"The answer has {response.CalculateSize()} bytes; the limit is {messageBytesMax}.");
            }

            await call.StartAsync();
            GrpcFrame.Write(call.Http.Response.BodyWriter, response, messageBytesMax);
        });

    /// <summary>Maps a server-streaming method. The answer's headers are sent at once; the stream ends when the handler returns.</summary>
    public static IEndpointConventionBuilder MapGrpcServerStreaming<TRequest, TResponse>(
        this IEndpointRouteBuilder endpoints,
        string path,
        Func<TRequest, GrpcStreamWriter<TResponse>, GrpcServerCall, Task> handler,
        int messageBytesMax = GrpcChannelOptions.MessageBytesMaxDefault)
        where TRequest : class, IMessage<TRequest>, new()
        where TResponse : class, IMessage<TResponse> =>
        Map<TRequest>(endpoints, path, messageBytesMax, async (request, call) =>
        {
            await call.StartAsync();
            await call.Http.Response.Body.FlushAsync(call.CancellationToken);
            await handler(request, new GrpcStreamWriter<TResponse>(call), call);
        });

    /// <summary>Answers every gRPC call that no other endpoint takes with Unimplemented, as a gRPC server must.</summary>
    public static IEndpointConventionBuilder MapGrpcUnimplemented(this IEndpointRouteBuilder endpoints) =>
        endpoints.MapFallback("{**path}", (HttpContext http) =>
        {
            if (http.Request.ContentType?.StartsWith("application/grpc", StringComparison.Ordinal) != true)
            {
                http.Response.StatusCode = StatusCodes.Status404NotFound;
                return;
            }

            using var call = new GrpcServerCall(http, 0);
            call.End(RpcStatusCode.Unimplemented, $"unknown method {http.Request.Path}");
        });

    static IEndpointConventionBuilder Map<TRequest>(
        IEndpointRouteBuilder endpoints, string path, int messageBytesMax, Func<TRequest, GrpcServerCall, Task> handler)
        where TRequest : class, IMessage<TRequest>, new() =>
        endpoints.MapPost(path, async (HttpContext http) =>
        {
            if (http.Request.ContentType?.StartsWith("application/grpc", StringComparison.Ordinal) != true)
            {
                http.Response.StatusCode = StatusCodes.Status415UnsupportedMediaType;
                return;
            }

            // The frame reader has its own limit, which answers with a gRPC status instead of a reset stream.
            if (http.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } bodySize)
            {
                bodySize.MaxRequestBodySize = null;
            }

            using var call = new GrpcServerCall(http, messageBytesMax);
            await ServeAsync(call, handler);
        });

    static async Task ServeAsync<TRequest>(GrpcServerCall call, Func<TRequest, GrpcServerCall, Task> handler)
        where TRequest : class, IMessage<TRequest>, new()
    {
        try
        {
            var request = await GrpcFrame.ReadAsync<TRequest>(call.Http.Request.BodyReader, call.MessageBytesMax, call.CancellationToken)
                ?? throw new RpcException(RpcStatusCode.Internal, "The call came without a message.");
            await handler(request, call);
            call.End(RpcStatusCode.Ok, "");
        }
        catch (RpcException refused)
        {
            call.End(refused.StatusCode, refused.Detail);
        }
        catch (Exception cancelled) when (call.CancellationToken.IsCancellationRequested && cancelled is OperationCanceledException or IOException)
        {
            call.End(call.CancellationStatus, "The call was cancelled or its deadline passed.");
        }
#pragma warning disable CA1031 // The edge of the server: whatever a handler throws must become a status, and it is logged with its cause.
        catch (Exception unexpected)
#pragma warning restore CA1031
        {
            var logger = call.Http.RequestServices.GetRequiredService<ILoggerFactory>().CreateLogger("Jackpot.Dapr.Grpc");
            LogHandlerFailed(logger, call.Http.Request.Path, unexpected);
            call.End(RpcStatusCode.Unknown, unexpected.Message);
        }
    }

    [LoggerMessage(1, LogLevel.Error, "gRPC method {Path} failed")]
    static partial void LogHandlerFailed(ILogger logger, string path, Exception cause);
}
