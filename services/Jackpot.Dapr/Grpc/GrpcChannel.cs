using System.Buffers;
using System.IO.Pipelines;
using System.Net;
using System.Runtime.CompilerServices;
using Google.Protobuf;

namespace Jackpot.Dapr.Grpc;

/// <summary>
/// A gRPC client for unary and server-streaming calls over HTTP/2 with prior knowledge. Safe for concurrent use; one per address is enough.
/// Failures are <see cref="RpcException"/>; the caller's own cancellation is <see cref="OperationCanceledException"/>.
/// </summary>
public sealed class GrpcChannel : IDisposable
{
    static readonly TimeSpan KeepAlivePingDelayMin = TimeSpan.FromSeconds(20);

    readonly GrpcChannelOptions _options;
    readonly HttpMessageInvoker _invoker;
    readonly Uri _address;

    /// <summary>Creates a channel; nothing is sent before the first call.</summary>
    /// <param name="address">Scheme, host and port, for instance <c>http://127.0.0.1:50001</c>.</param>
    /// <param name="options">Limits; null for the defaults.</param>
    public GrpcChannel(Uri address, GrpcChannelOptions? options = null)
    {
        _address = address;
        _options = options ?? new GrpcChannelOptions();
        if (_options.KeepAlivePingDelay < KeepAlivePingDelayMin)
        {
            throw new ArgumentException(
                $"KeepAlivePingDelay is {_options.KeepAlivePingDelay}; a Dapr sidecar closes connections that ping this often. Set at least {KeepAlivePingDelayMin}.",
                nameof(options));
        }

        _invoker = new HttpMessageInvoker(new SocketsHttpHandler
        {
            UseProxy = false,
            UseCookies = false,
            AllowAutoRedirect = false,
            AutomaticDecompression = DecompressionMethods.None,
            EnableMultipleHttp2Connections = true,
            KeepAlivePingDelay = _options.KeepAlivePingDelay,
            KeepAlivePingTimeout = TimeSpan.FromSeconds(15),
            KeepAlivePingPolicy = HttpKeepAlivePingPolicy.WithActiveRequests,
            PooledConnectionIdleTimeout = TimeSpan.FromMinutes(2),
            ConnectTimeout = TimeSpan.FromSeconds(10),
            InitialHttp2StreamWindowSize = 1024 * 1024,
        });
    }

    /// <summary>One message out, one message in.</summary>
    /// <param name="path">For instance <c>/package.Service/Method</c>.</param>
    /// <param name="request">The message to send.</param>
    /// <param name="deadline">Time for the whole call; null for the channel's default.</param>
    /// <param name="cancellationToken">Gives the call up.</param>
    /// <exception cref="RpcException">The call failed or its deadline passed.</exception>
    public async Task<TResponse> UnaryAsync<TRequest, TResponse>(
        string path, TRequest request, TimeSpan? deadline = null, CancellationToken cancellationToken = default)
        where TRequest : class, IMessage<TRequest>
        where TResponse : class, IMessage<TResponse>, new()
    {
        var timeout = deadline ?? _options.UnaryDeadline;
        using var clock = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        if (timeout != Timeout.InfiniteTimeSpan)
        {
            clock.CancelAfter(timeout);
        }

        try
        {
            using var http = NewRequest(path, request, timeout);
            using var response = await _invoker.SendAsync(http, clock.Token);
            GrpcResponse.EnsureOkHeaders(response);
            var body = PipeReader.Create(await response.Content.ReadAsStreamAsync(clock.Token));
            var message = await GrpcFrame.ReadAsync<TResponse>(body, _options.MessageBytesMax, clock.Token);
            if (message is not null && await GrpcFrame.ReadAsync<TResponse>(body, _options.MessageBytesMax, clock.Token) is not null)
            {
                throw new RpcException(RpcStatusCode.Internal, "A unary call was answered with more than one message.");
            }

            GrpcResponse.EnsureOkTrailers(response);
            return message ?? throw new RpcException(RpcStatusCode.Internal, "A unary call was answered with status OK but no message.");
        }
        catch (Exception failure) when (failure is not RpcException)
        {
            throw GrpcResponse.Translate(failure, timeout, cancellationToken);
        }
    }

    /// <summary>One message out, any number in. Ends when the server ends it; disposing the enumerator cancels the call.</summary>
    /// <param name="path">For instance <c>/package.Service/Method</c>.</param>
    /// <param name="request">The message to send.</param>
    /// <param name="cancellationToken">Gives the call up.</param>
    /// <exception cref="RpcException">The call failed; messages received before remain valid.</exception>
    public async IAsyncEnumerable<TResponse> ServerStreamingAsync<TRequest, TResponse>(
        string path, TRequest request, [EnumeratorCancellation] CancellationToken cancellationToken = default)
        where TRequest : class, IMessage<TRequest>
        where TResponse : class, IMessage<TResponse>, new()
    {
        using var http = NewRequest(path, request, Timeout.InfiniteTimeSpan);
        using var response = await Translated(async () =>
        {
            var answered = await _invoker.SendAsync(http, cancellationToken);
            GrpcResponse.EnsureOkHeaders(answered);
            return answered;
        }, cancellationToken);
        var body = PipeReader.Create(await response.Content.ReadAsStreamAsync(cancellationToken));
        while (await Translated(() => GrpcFrame.ReadAsync<TResponse>(body, _options.MessageBytesMax, cancellationToken).AsTask(), cancellationToken) is { } message)
        {
            yield return message;
        }

        GrpcResponse.EnsureOkTrailers(response);
    }

    /// <summary>Closes the connections; calls in flight fail.</summary>
    public void Dispose() => _invoker.Dispose();

    static async Task<T> Translated<T>(Func<Task<T>> step, CancellationToken cancellationToken)
    {
        try
        {
            return await step();
        }
        catch (Exception failure) when (failure is not RpcException)
        {
            throw GrpcResponse.Translate(failure, Timeout.InfiniteTimeSpan, cancellationToken);
        }
    }

    HttpRequestMessage NewRequest(string path, IMessage request, TimeSpan timeout)
    {
        var frame = new ArrayBufferWriter<byte>(GrpcFrame.HeaderBytes + 256);
        GrpcFrame.Write(frame, request, _options.MessageBytesMax);
        var http = new HttpRequestMessage(HttpMethod.Post, new Uri(_address, path))
        {
            Version = HttpVersion.Version20,
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
            Content = new ReadOnlyMemoryContent(frame.WrittenMemory),
        };
        http.Content.Headers.TryAddWithoutValidation("content-type", "application/grpc");
        http.Headers.TryAddWithoutValidation("te", "trailers");
        if (timeout != Timeout.InfiniteTimeSpan)
        {
            http.Headers.TryAddWithoutValidation("grpc-timeout", GrpcText.EncodeTimeout(timeout));
        }

        foreach (var (name, value) in _options.Metadata)
        {
            http.Headers.TryAddWithoutValidation(name, value);
        }

        return http;
    }
}
