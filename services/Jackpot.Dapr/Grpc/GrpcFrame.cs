using System.Buffers;
using System.Buffers.Binary;
using System.IO.Pipelines;
using Google.Protobuf;

namespace Jackpot.Dapr.Grpc;

/// <summary>
/// A gRPC message on the wire: one byte that says whether it is compressed, four bytes big-endian length, then the message.
/// This library neither sends nor accepts compressed messages.
/// </summary>
internal static class GrpcFrame
{
    public const int HeaderBytes = 5;

    public static void Write(IBufferWriter<byte> output, IMessage message, int messageBytesMax)
    {
        var size = message.CalculateSize();
        if (size > messageBytesMax)
        {
            throw new RpcException(
                RpcStatusCode.ResourceExhausted,
                $"The message to send has {size} bytes; the limit is {messageBytesMax}. Send less at once or raise the limit on both sides.")
            {
                NothingWasSent = true,
            };
        }

        var header = output.GetSpan(HeaderBytes);
        header[0] = 0;
        BinaryPrimitives.WriteInt32BigEndian(header[1..], size);
        output.Advance(HeaderBytes);
        message.WriteTo(output);
    }

    /// <summary>Reads the next message, or null at the regular end of the stream.</summary>
    public static async ValueTask<T?> ReadAsync<T>(PipeReader input, int messageBytesMax, CancellationToken cancellationToken)
        where T : class, IMessage<T>, new()
    {
        while (true)
        {
            var result = await input.ReadAsync(cancellationToken);
            var buffer = result.Buffer;
            if (TryParse<T>(ref buffer, messageBytesMax, out var message))
            {
                input.AdvanceTo(buffer.Start);
                return message;
            }

            if (result.IsCompleted)
            {
                var rest = buffer.Length;
                input.AdvanceTo(buffer.End);
                return rest == 0 ? null : throw new RpcException(RpcStatusCode.Internal, $"The stream ended {rest} bytes into a message.");
            }

            input.AdvanceTo(buffer.Start, buffer.End);
        }
    }

    static bool TryParse<T>(ref ReadOnlySequence<byte> buffer, int messageBytesMax, out T? message)
        where T : class, IMessage<T>, new()
    {
        message = null;
        if (buffer.Length < HeaderBytes)
        {
            return false;
        }

        Span<byte> header = stackalloc byte[HeaderBytes];
        buffer.Slice(0, HeaderBytes).CopyTo(header);
        if (header[0] != 0)
        {
            throw new RpcException(RpcStatusCode.Unimplemented, "The message is compressed; only identity encoding is supported.");
        }

        var size = BinaryPrimitives.ReadUInt32BigEndian(header[1..]);
        if (size > messageBytesMax)
        {
            throw new RpcException(RpcStatusCode.ResourceExhausted, $"Received a message of {size} bytes; the limit is {messageBytesMax}.");
        }

        if (buffer.Length < HeaderBytes + size)
        {
            return false;
        }

        try
        {
            message = MessageParsers<T>.Parser.ParseFrom(buffer.Slice(HeaderBytes, size));
        }
        catch (InvalidProtocolBufferException unreadable)
        {
            throw new RpcException(RpcStatusCode.Internal, $"The message is not a {typeof(T).Name}: {unreadable.Message}", unreadable);
        }

        buffer = buffer.Slice(HeaderBytes + size);
        return true;
    }

    static class MessageParsers<T>
        where T : IMessage<T>, new()
    {
        public static readonly MessageParser<T> Parser = new(() => new T());
    }
}
