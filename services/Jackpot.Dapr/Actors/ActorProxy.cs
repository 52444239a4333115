using System.Net.Http.Headers;
using System.Text.Json;
using Jackpot.Dapr.Client;

namespace Jackpot.Dapr.Actors;

/// <summary>
/// Calls one actor through the sidecar. An exception of the actor's method arrives as <see cref="ActorMethodInvocationException"/>; a call
/// that did not get through as <see cref="DaprApiException"/> with its outcome.
/// </summary>
public sealed class ActorProxy
{
    readonly SidecarHttp _sidecar;
    readonly JsonSerializerOptions _json;

    internal ActorProxy(SidecarHttp sidecar, JsonSerializerOptions json, ActorId actorId, string actorType)
    {
        _sidecar = sidecar;
        _json = json;
        ActorId = actorId;
        ActorType = actorType;
    }

    /// <summary>The actor's id.</summary>
    public ActorId ActorId { get; }

    /// <summary>The actor's type name.</summary>
    public string ActorType { get; }

    /// <summary>Calls a method without argument and result.</summary>
    public async Task InvokeMethodAsync(string method, CancellationToken cancellationToken = default)
    {
        using var response = await SendAsync(method, null, cancellationToken);
    }

    /// <summary>Calls a method with an argument.</summary>
    public async Task InvokeMethodAsync<TRequest>(string method, TRequest data, CancellationToken cancellationToken = default)
    {
        using var response = await SendAsync(method, Json(data), cancellationToken);
    }

    /// <summary>Calls a method with a result.</summary>
    public async Task<TResponse> InvokeMethodAsync<TResponse>(string method, CancellationToken cancellationToken = default)
    {
        using var response = await SendAsync(method, null, cancellationToken);
        return await ReadAsync<TResponse>(response, cancellationToken);
    }

    /// <summary>Calls a method with an argument and a result.</summary>
    public async Task<TResponse> InvokeMethodAsync<TRequest, TResponse>(string method, TRequest data, CancellationToken cancellationToken = default)
    {
        using var response = await SendAsync(method, Json(data), cancellationToken);
        return await ReadAsync<TResponse>(response, cancellationToken);
    }

    /// <summary>Sends bytes as they are and gives back the answer's bytes; the method must take and give <see cref="ReadOnlyMemory{T}"/> of bytes.</summary>
    /// <param name="method">Name of the method.</param>
    /// <param name="body">Must not change until the task has ended.</param>
    /// <param name="cancellationToken">Gives the call up; its effect is then in doubt.</param>
    public async Task<ReadOnlyMemory<byte>> InvokeRawAsync(string method, ReadOnlyMemory<byte> body, CancellationToken cancellationToken = default)
    {
        var content = new ReadOnlyMemoryContent(body);
        content.Headers.ContentType = new MediaTypeHeaderValue("application/octet-stream");
        using var response = await SendAsync(method, content, cancellationToken);
        return await response.Content.ReadAsByteArrayAsync(cancellationToken);
    }

    async Task<HttpResponseMessage> SendAsync(string method, HttpContent? content, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(HttpMethod.Put, SidecarPath.Of("actors", ActorType, ActorId.GetId(), "method", method)) { Content = content };
        if (ActorReentrancy.Current is { } chain)
        {
            request.Headers.TryAddWithoutValidation(ActorReentrancy.Header, chain);
        }

        var response = await _sidecar.SendOkAsync(request, cancellationToken);
        if (!response.Headers.Contains(ActorErrorMarker.Header))
        {
            return response;
        }

        using (response)
        {
            throw await ActorErrorMarker.ReadAsync(response, ActorType, ActorId, method, cancellationToken);
        }
    }

    ByteArrayContent Json<T>(T value)
    {
        var content = new ByteArrayContent(JsonSerializer.SerializeToUtf8Bytes(value, _json));
        content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        return content;
    }

    async Task<T> ReadAsync<T>(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        var body = await response.Content.ReadAsByteArrayAsync(cancellationToken);
        return body.Length == 0 ? default! : JsonSerializer.Deserialize<T>(body, _json)!;
    }
}
