using System.Text;
using Jackpot.LocalDapr.Sidecars;

namespace Jackpot.LocalDapr.Metrics;

/// <summary>/metrics for Prometheus on the admin port, as daprd has it on a port of its own.</summary>
static class MetricsEndpoints
{
    public static void MapMetrics(this IEndpointRouteBuilder routes, Node node) => routes.MapGet("/metrics", async (HttpContext http) =>
    {
        if (http.Features.Get<Sidecar>() is not null)
        {
            http.Response.StatusCode = StatusCodes.Status404NotFound;
            return;
        }
        http.Response.ContentType = "text/plain; version=0.0.4";
        await http.Response.Body.WriteAsync(Encoding.UTF8.GetBytes(node.Metrics.Render()), http.RequestAborted);
    });
}
