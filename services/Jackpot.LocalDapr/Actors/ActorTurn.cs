using System.Net.Http.Headers;
using Jackpot.LocalDapr.Invocation;

namespace Jackpot.LocalDapr.Actors;

/// <summary>One callback to the app on behalf of an actor: always PUT.</summary>
abstract class ActorTurn
{
    /// <summary>The chain this turn belongs to; null where Dapr knows none (reminders and timers).</summary>
    public virtual string? ReentrancyId() => null;

    /// <summary>Creates the request; it may be asked for again when a policy repeats the call.</summary>
    public abstract HttpRequestMessage CreateRequest(ActiveActor actor, string? reentrancyId);
}

/// <summary>A method call with the caller's bytes, headers and query.</summary>
sealed class MethodTurn(HttpRequest from, ReadOnlyMemory<byte> body, string method) : ActorTurn
{
    const string ReentrancyHeader = "Dapr-Reentrancy-Id";

    readonly string _path = "/method/" + Uri.EscapeDataString(method) + from.QueryString;

    public override string ReentrancyId() =>
        from.Headers.TryGetValue(ReentrancyHeader, out var id) && id.ToString() is { Length: > 0 } text ? text : Guid.NewGuid().ToString();

    public override HttpRequestMessage CreateRequest(ActiveActor actor, string? reentrancyId)
    {
        var request = new HttpRequestMessage(HttpMethod.Put, actor.Address + _path) { Content = new ReadOnlyMemoryContent(body) };
        ForwardedHeaders.Copy(from, request);
        if (reentrancyId is not null)
        {
            request.Headers.Remove(ReentrancyHeader);
            request.Headers.TryAddWithoutValidation(ReentrancyHeader, reentrancyId);
        }
        return request;
    }
}

/// <summary>A reminder (<c>remind</c>) or a timer (<c>timer</c>) that fires.</summary>
sealed class FiringTurn(string kind, string name, ReadOnlyMemory<byte> json) : ActorTurn
{
    static readonly MediaTypeHeaderValue Json = new("application/json");

    public override HttpRequestMessage CreateRequest(ActiveActor actor, string? reentrancyId)
    {
        var content = new ReadOnlyMemoryContent(json);
        content.Headers.ContentType = Json;
        return new HttpRequestMessage(HttpMethod.Put, $"{actor.Address}/method/{kind}/{Uri.EscapeDataString(name)}") { Content = content };
    }
}
