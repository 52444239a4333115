using Google.Protobuf;

namespace Jackpot.Dapr.Grpc;

/// <summary>The answer side of a server-streaming call. Writers must take turns; a message is on its way when the task ends.</summary>
/// <typeparam name="TResponse">The messages of the stream.</typeparam>
public sealed class GrpcStreamWriter<TResponse>
    where TResponse : class, IMessage<TResponse>
{
    readonly GrpcServerCall _call;

    internal GrpcStreamWriter(GrpcServerCall call) => _call = call;

    /// <summary>Sends one message and waits until the transport has taken it, so a reader that does not read slows the writer down.</summary>
    /// <exception cref="RpcException">The message is over the limit.</exception>
    /// <exception cref="OperationCanceledException">The caller went away.</exception>
    public async Task WriteAsync(TResponse message, CancellationToken cancellationToken = default)
    {
        var body = _call.Http.Response.BodyWriter;
        GrpcFrame.Write(body, message, _call.MessageBytesMax);
        var flushed = await body.FlushAsync(cancellationToken.CanBeCanceled ? cancellationToken : _call.CancellationToken);
        if (flushed.IsCompleted || _call.CancellationToken.IsCancellationRequested)
        {
            throw new OperationCanceledException("The reader of the stream has gone.");
        }
    }
}
