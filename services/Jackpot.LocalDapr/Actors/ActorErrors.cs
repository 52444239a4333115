using Jackpot.LocalDapr.Resiliency;

namespace Jackpot.LocalDapr.Actors;

/// <summary>Nobody hosts this type at the moment. The caller is told so after the built-in retries.</summary>
sealed class NoActorAddressException(ActorKey key)
    : Exception($"failed to lookup actor: did not find address for actor '{key.Type}/{key.Id}'");

/// <summary>The app answered something else than 200.</summary>
sealed class ActorServiceException(int status, string body) : Exception($"error from actor service: ({status}) {body}")
{
    public int Status => status;
}

/// <summary>The app answered 404: it has no such method, and no retry will change that.</summary>
sealed class ActorMethodNotFoundException(string body) : Exception($"actor method not found: {body}"), IPermanentFailure;

/// <summary>The reentrant chain is deeper than <c>maxStackDepth</c>.</summary>
sealed class ActorStackDepthException() : Exception("maximum stack depth exceeded"), IPermanentFailure;
