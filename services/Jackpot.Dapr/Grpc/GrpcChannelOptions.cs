namespace Jackpot.Dapr.Grpc;

/// <summary>Limits and headers of a <see cref="GrpcChannel"/>.</summary>
public sealed record GrpcChannelOptions
{
    /// <summary>The message limit that Dapr sidecars have by default, in bytes.</summary>
    public const int MessageBytesMaxDefault = 4 * 1024 * 1024;

    /// <summary>Largest message sent or received, in bytes; daprd's <c>--max-body-size</c> must not be smaller.</summary>
    public int MessageBytesMax { get; init; } = MessageBytesMaxDefault;

    /// <summary>Deadline of a unary call that names none itself.</summary>
    public TimeSpan UnaryDeadline { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>Pause between keep-alive pings. A Dapr sidecar drops connections that ping more often than every 8 s, so less than 20 s is refused.</summary>
    public TimeSpan KeepAlivePingDelay { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Metadata sent with every call, for instance <c>dapr-api-token</c>.</summary>
    public IReadOnlyDictionary<string, string> Metadata { get; init; } = new Dictionary<string, string>();
}
