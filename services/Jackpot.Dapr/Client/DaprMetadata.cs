namespace Jackpot.Dapr.Client;

/// <summary>What <c>GET /v1.0/metadata</c> tells, as far as this library reads it.</summary>
public sealed record DaprMetadata
{
    /// <summary>The app id.</summary>
    public string Id { get; init; } = "";

    /// <summary>Version of the runtime.</summary>
    public string RuntimeVersion { get; init; } = "";

    /// <summary>Actor types with the number of active actors.</summary>
    public IReadOnlyList<DaprActorMetadata> Actors { get; init; } = [];

    /// <summary>The loaded components.</summary>
    public IReadOnlyList<DaprComponentsMetadata> Components { get; init; } = [];

    /// <summary>Attributes set by the app or the runtime.</summary>
    public IReadOnlyDictionary<string, string> Extended { get; init; } = new Dictionary<string, string>();

    /// <summary>The app's subscriptions.</summary>
    public IReadOnlyList<DaprSubscriptionMetadata> Subscriptions { get; init; } = [];

    /// <summary>State of the actor runtime; null when the sidecar does not tell.</summary>
    public DaprActorRuntimeMetadata? ActorRuntime { get; init; }
}

/// <summary>An actor type and how many of it are active.</summary>
public sealed record DaprActorMetadata(string Type, int Count);

/// <summary>A loaded component.</summary>
public sealed record DaprComponentsMetadata(string Name, string Type, string Version, IReadOnlyList<string>? Capabilities);

/// <summary>A subscription.</summary>
public sealed record DaprSubscriptionMetadata(string PubsubName, string Topic, string? DeadLetterTopic, string? Type);

/// <summary>State of the actor runtime: INITIALIZING, DISABLED or RUNNING.</summary>
public sealed record DaprActorRuntimeMetadata(string RuntimeStatus, bool HostReady);
