using System.Security.Cryptography;
using System.Text;
using Jackpot.Dapr.Client;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace Jackpot.Dapr.Security;

/// <summary>
/// Doors that only the sidecar may use. With APP_API_TOKEN set the sidecar sends it as <c>dapr-api-token</c> on every call to the app;
/// a call without it is answered 401. Without the variable nothing is checked.
/// </summary>
public static class SidecarGate
{
    /// <summary>Puts the check before an endpoint. Everything that this library maps has it already.</summary>
    public static TBuilder RequireSidecarToken<TBuilder>(this TBuilder builder)
        where TBuilder : IEndpointConventionBuilder
    {
        builder.Add(endpoint =>
        {
            var next = endpoint.RequestDelegate;
            endpoint.RequestDelegate = http =>
            {
                if (IsFromSidecar(http))
                {
                    return next!(http);
                }

                http.Response.StatusCode = StatusCodes.Status401Unauthorized;
                return http.Response.WriteAsync("invalid api token");
            };
        });
        return builder;
    }

    static bool IsFromSidecar(HttpContext http)
    {
        if (http.RequestServices.GetService<DaprSidecarOptions>()?.AppApiToken is not { } expected)
        {
            return true;
        }

        return http.Request.Headers["dapr-api-token"] is [{ } sent]
            && CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(sent), Encoding.UTF8.GetBytes(expected));
    }
}
