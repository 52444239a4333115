using System.Text.Json;
using Microsoft.AspNetCore.Http;

namespace Jackpot.Dapr.Actors;

/// <summary>The method of an actor threw. The call got through: nothing is in doubt but what the method did before it threw.</summary>
public sealed class ActorMethodInvocationException : Exception
{
    /// <summary>Creates the exception.</summary>
    public ActorMethodInvocationException(string errorType, string errorMessage, string call)
        : base($"{call} failed with {errorType}: {errorMessage}")
    {
        ErrorType = errorType;
        ErrorMessage = errorMessage;
    }

    /// <summary>Full name of the exception's type at the actor.</summary>
    public string ErrorType { get; }

    /// <summary>The exception's message.</summary>
    public string ErrorMessage { get; }
}

/// <summary>
/// An exception of an actor's method travels with status 200 and a marker header: the sidecar passes it on without trying again, which
/// any other status would make it do.
/// </summary>
internal static class ActorErrorMarker
{
    public const string Header = "X-DaprErrorResponseHeader";

    const string JsonError = "json-error";

    public static async Task WriteAsync(HttpResponse response, Exception failure, CancellationToken cancellationToken)
    {
        response.StatusCode = StatusCodes.Status200OK;
        response.Headers[Header] = JsonError;
        await response.WriteAsJsonAsync(new Error(failure.GetType().FullName ?? failure.GetType().Name, failure.Message), cancellationToken);
    }

    public static async Task<ActorMethodInvocationException> ReadAsync(
        HttpResponseMessage response, string actorType, ActorId id, string method, CancellationToken cancellationToken)
    {
        var call = $"{actorType}/{id}.{method}";
        var body = await response.Content.ReadAsStringAsync(cancellationToken);
        if (response.Headers.GetValues(Header).First() != JsonError)
        {
            return new ActorMethodInvocationException("unknown", body, call);
        }

        var error = JsonSerializer.Deserialize<Error>(body, JsonSerializerOptions.Web);
        return new ActorMethodInvocationException(error?.ErrorType ?? "unknown", error?.Message ?? body, call);
    }

    sealed record Error(string ErrorType, string Message);
}
