using Jackpot.LocalDapr.Answers;
using Jackpot.LocalDapr.Sidecars;
using static Jackpot.LocalDapr.Sidecars.SidecarRoutes;

namespace Jackpot.LocalDapr.Health;

/// <summary>Health: /healthz waits for the app's port, /healthz/outbound does not, and that is the one an app waits for at its start.</summary>
static class HealthEndpoints
{
    public static void MapHealth(this IEndpointRouteBuilder routes)
    {
        routes.MapDapr(Get, "/v1.0/healthz", (http, sidecar) => AnswerAsync(http, sidecar, sidecar.IsReady));
        routes.MapDapr(Get, "/v1.0/healthz/outbound", (http, sidecar) => AnswerAsync(http, sidecar, sidecar.IsOutboundReady));
        routes.MapDapr(Post, "/v1.0/shutdown", ShutDownAsync);
    }

    static Task AnswerAsync(HttpContext http, Sidecar sidecar, bool isReady)
    {
        if (http.Request.Query["appid"].ToString() is { Length: > 0 } appId && appId != sidecar.Options.AppId)
        {
            return http.Error(500, "ERR_HEALTH_APPID_NOT_MATCH", "dapr app-id does not match");
        }
        return isReady ? http.NoContent() : http.Error(500, "ERR_HEALTH_NOT_READY", "dapr is not ready");
    }

    /// <summary>Only this sidecar goes out of service; the process serves others too.</summary>
    static async Task ShutDownAsync(HttpContext http, Sidecar sidecar)
    {
        await http.NoContent();
        await sidecar.ShutDownAsync();
    }
}
