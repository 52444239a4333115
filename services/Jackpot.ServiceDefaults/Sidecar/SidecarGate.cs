using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace Jackpot.ServiceDefaults.Sidecar;

/// <summary>
/// Endpoints that only the sidecar may use. With <c>APP_API_TOKEN</c> set the sidecar sends it as <c>dapr-api-token</c> on every call to the
/// application; a call without it is answered 401. Without the variable nothing is checked.
/// </summary>
public static class SidecarGate
{
    const string TokenHeader = "dapr-api-token";
    const string TokenVariable = "APP_API_TOKEN";

    /// <summary>Puts the check before an endpoint.</summary>
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

    static bool IsFromSidecar(HttpContext http) =>
        http.RequestServices.GetRequiredService<IConfiguration>()[TokenVariable] is not { Length: > 0 } expected
        || (http.Request.Headers[TokenHeader] is [{ } sent] && CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(sent), Encoding.UTF8.GetBytes(expected)));
}
