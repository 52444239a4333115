using System.Text.Json;

namespace Jackpot.Dapr.Actors;

/// <summary>The actors of this app and how the sidecar shall treat them; told once, at start, by <c>GET /dapr/config</c>.</summary>
public sealed class ActorRuntimeOptions
{
    /// <summary>The actor types.</summary>
    public ActorRegistrations Actors { get; } = new();

    /// <summary>An actor idle for this long is deactivated; null for Dapr's 60 min. Must be far longer than the longest turn.</summary>
    public TimeSpan? ActorIdleTimeout { get; set; }

    /// <summary>Accepted by Dapr and not used today.</summary>
    public TimeSpan? ActorScanInterval { get; set; }

    /// <summary>How long a running turn may finish when the actor moves; null for Dapr's 2 s.</summary>
    public TimeSpan? DrainOngoingCallTimeout { get; set; }

    /// <summary>False cancels running turns at once when the actor moves; null for Dapr's true.</summary>
    public bool? DrainRebalancedActors { get; set; }

    /// <summary>Whether a call may come back to an actor that waits in the same chain of calls.</summary>
    public ActorReentrancyConfig ReentrancyConfig { get; } = new();

    /// <summary>How state, arguments and results are written.</summary>
    public JsonSerializerOptions JsonSerializerOptions { get; set; } = JsonSerializerOptions.Web;
}

/// <summary>Reentrancy of actor calls.</summary>
public sealed class ActorReentrancyConfig
{
    /// <summary>Off unless set.</summary>
    public bool Enabled { get; set; }

    /// <summary>Depth of a chain; null for Dapr's 32.</summary>
    public int? MaxStackDepth { get; set; }
}

/// <summary>The actor types of this app.</summary>
public sealed class ActorRegistrations
{
    readonly Dictionary<string, ActorTypeInformation> _types = new(StringComparer.Ordinal);

    internal IReadOnlyDictionary<string, ActorTypeInformation> Types => _types;

    /// <summary>Registers an actor class.</summary>
    /// <param name="actorTypeName">The name that Dapr knows; null for the <see cref="ActorAttribute"/>'s or the class's name. No two app ids of one namespace may host the same name.</param>
    /// <exception cref="ArgumentException">The class cannot be called, or the name is taken.</exception>
    public void RegisterActor<TActor>(string? actorTypeName = null)
        where TActor : Actor
    {
        var type = new ActorTypeInformation(typeof(TActor), actorTypeName);
        if (!_types.TryAdd(type.ActorTypeName, type))
        {
            throw new ArgumentException($"The actor type '{type.ActorTypeName}' is registered twice.", nameof(actorTypeName));
        }
    }
}
