using Jackpot.ServiceDefaults.Routing;

namespace Jackpot.LocalDapr.Sidecars;

/// <summary>Every sidecar has its own ports; the port a connection came in by tells which sidecar serves it.</summary>
static class SidecarRoutes
{
    public static readonly string[] Get = ["GET"];
    public static readonly string[] Post = ["POST"];
    public static readonly string[] Delete = ["DELETE"];
    public static readonly string[] PostPut = ["POST", "PUT"];

    public static Sidecar Sidecar(this HttpContext http) =>
        http.Features.Get<Sidecar>() ?? throw new InvalidOperationException("This port belongs to no sidecar.");

    public static void MapDapr(this IEndpointRouteBuilder routes, string[] verbs, string pattern, Func<HttpContext, Sidecar, Task> handler) =>
        routes.MapMethods(pattern, verbs, (RequestDelegate)(http => handler(http, http.Sidecar())));

    /// <summary>A path parameter, decoded once.</summary>
    public static string Segment(this HttpContext http, string name) => RouteText.Of(http, name);
}
