using System.Text.Json;
using Jackpot.Dapr.Client;

namespace Jackpot.Dapr.Actors;

/// <summary>Makes proxies; safe for concurrent use. Making one is cheap and sends nothing.</summary>
public interface IActorProxyFactory
{
    /// <summary>A proxy that implements the actor's interface.</summary>
    TActorInterface CreateActorProxy<TActorInterface>(ActorId actorId, string actorType)
        where TActorInterface : class, IActor;

    /// <summary>A proxy that calls methods by name.</summary>
    ActorProxy Create(ActorId actorId, string actorType);
}

internal sealed class ActorProxyFactory(SidecarHttp sidecar, JsonSerializerOptions json) : IActorProxyFactory
{
    public TActorInterface CreateActorProxy<TActorInterface>(ActorId actorId, string actorType)
        where TActorInterface : class, IActor =>
        ActorInterfaceProxy.Create<TActorInterface>(Create(actorId, actorType));

    public ActorProxy Create(ActorId actorId, string actorType) => new(sidecar, json, actorId, actorType);
}
