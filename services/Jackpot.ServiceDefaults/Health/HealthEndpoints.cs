using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Diagnostics.HealthChecks;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Jackpot.ServiceDefaults.Health;

/// <summary><c>/healthz</c>: the process answers. <c>/readyz</c>: every registered health check passes, or what does not, a line each.</summary>
public static class HealthEndpoints
{
    /// <summary>Longest that a check may take; an answer that comes later is as bad as none.</summary>
    public static readonly TimeSpan CheckTimeout = TimeSpan.FromSeconds(2);

    /// <summary>Maps both paths. A check that is only degraded leaves the service ready and is named in the answer.</summary>
    public static void MapHealth(this IEndpointRouteBuilder routes)
    {
        routes.MapHealthChecks("/healthz", new HealthCheckOptions { Predicate = _ => false, ResponseWriter = (http, _) => http.Response.WriteAsync("ok") });
        routes.MapHealthChecks("/readyz", new HealthCheckOptions { ResponseWriter = WriteReasonsAsync });
    }

    static Task WriteReasonsAsync(HttpContext http, HealthReport report)
    {
        var reasons = report.Entries.Where(check => check.Value.Status != HealthStatus.Healthy)
            .Select(check => check.Value.Description ?? $"{check.Key} is {check.Value.Status}");
        http.Response.ContentType = "text/plain; charset=utf-8";
        return http.Response.WriteAsync(string.Join('\n', report.Status == HealthStatus.Unhealthy ? reasons : reasons.Prepend("ready")));
    }
}
