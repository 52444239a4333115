using Google.Protobuf;
using Grpc.AspNetCore.Server.Model;
using Grpc.Core;
using Jackpot.LocalDapr.Sidecars;
using ServiceDescriptor = Google.Protobuf.Reflection.ServiceDescriptor;

namespace Jackpot.LocalDapr.Calls;

/// <summary>Binds handlers to the methods of one service; a name or a message type that the descriptor does not have ends the start.</summary>
sealed class MethodBinder(ServiceMethodProviderContext<SidecarService> context, ServiceDescriptor service)
{
    public void Unary<TRequest, TResponse>(string name, Func<Sidecar, TRequest, ServerCallContext, Task<TResponse>> handler)
        where TRequest : class, IMessage<TRequest>, new()
        where TResponse : class, IMessage<TResponse>, new() =>
        context.AddUnaryMethod(
            MethodOf<TRequest, TResponse>(MethodType.Unary, name), [], (_, request, call) => handler(call.GetHttpContext().Sidecar(), request, call));

    public void ServerStreaming<TRequest, TResponse>(string name, Func<Sidecar, TRequest, IServerStreamWriter<TResponse>, ServerCallContext, Task> handler)
        where TRequest : class, IMessage<TRequest>, new()
        where TResponse : class, IMessage<TResponse>, new() =>
        context.AddServerStreamingMethod(
            MethodOf<TRequest, TResponse>(MethodType.ServerStreaming, name), [], (_, request, writer, call) => handler(call.GetHttpContext().Sidecar(), request, writer, call));

    public void DuplexStreaming<TRequest, TResponse>(
        string name, Func<Sidecar, IAsyncStreamReader<TRequest>, IServerStreamWriter<TResponse>, ServerCallContext, Task> handler)
        where TRequest : class, IMessage<TRequest>, new()
        where TResponse : class, IMessage<TResponse>, new() =>
        context.AddDuplexStreamingMethod(
            MethodOf<TRequest, TResponse>(MethodType.DuplexStreaming, name), [], (_, reader, writer, call) => handler(call.GetHttpContext().Sidecar(), reader, writer, call));

    Method<TRequest, TResponse> MethodOf<TRequest, TResponse>(MethodType type, string name)
        where TRequest : class, IMessage<TRequest>, new()
        where TResponse : class, IMessage<TResponse>, new()
    {
        var described = service.FindMethodByName(name) ?? throw new InvalidOperationException($"{service.FullName} has no method {name}.");
        var isAsDescribed = described.InputType.ClrType == typeof(TRequest) && described.OutputType.ClrType == typeof(TResponse)
            && described.IsClientStreaming == type is MethodType.DuplexStreaming
            && described.IsServerStreaming == type is MethodType.ServerStreaming or MethodType.DuplexStreaming;
        return isAsDescribed
            ? new Method<TRequest, TResponse>(type, service.FullName, name, MarshallerOf<TRequest>(), MarshallerOf<TResponse>())
            : throw new InvalidOperationException($"{service.FullName}/{name} has other messages than {typeof(TRequest).Name} and {typeof(TResponse).Name}.");
    }

    static Marshaller<T> MarshallerOf<T>()
        where T : class, IMessage<T>, new()
    {
        var parser = new MessageParser<T>(() => new T());
        return Marshallers.Create(Write, context => parser.ParseFrom(context.PayloadAsReadOnlySequence()));
    }

    static void Write<T>(T message, SerializationContext context)
        where T : IMessage<T>
    {
        context.SetPayloadLength(message.CalculateSize());
        message.WriteTo(context.GetBufferWriter());
        context.Complete();
    }
}
