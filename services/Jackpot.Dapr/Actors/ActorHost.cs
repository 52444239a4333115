using System.Text.Json;
using Jackpot.Dapr.Client;
using Microsoft.Extensions.Logging;

namespace Jackpot.Dapr.Actors;

/// <summary>What the runtime gives each actor; a constructor parameter of every actor class.</summary>
public sealed class ActorHost
{
    internal ActorHost(ActorTypeInformation actorTypeInfo, ActorId id, ILoggerFactory loggerFactory, IActorProxyFactory proxyFactory, SidecarHttp sidecar, JsonSerializerOptions json)
    {
        ActorTypeInfo = actorTypeInfo;
        Id = id;
        LoggerFactory = loggerFactory;
        ProxyFactory = proxyFactory;
        Sidecar = sidecar;
        JsonSerializerOptions = json;
        TimerManager = new ActorTimerManager(sidecar, actorTypeInfo.ActorTypeName);
    }

    /// <summary>The actor's type name and class.</summary>
    public ActorTypeInformation ActorTypeInfo { get; }

    /// <summary>The actor's id.</summary>
    public ActorId Id { get; }

    /// <summary>Makes loggers.</summary>
    public ILoggerFactory LoggerFactory { get; }

    /// <summary>Calls other actors.</summary>
    public IActorProxyFactory ProxyFactory { get; }

    /// <summary>How state, arguments and results are written.</summary>
    public JsonSerializerOptions JsonSerializerOptions { get; }

    internal SidecarHttp Sidecar { get; }

    internal ActorTimerManager TimerManager { get; }
}
