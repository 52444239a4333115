using Jackpot.ServiceDefaults.Sidecar;

namespace Jackpot.Shard.Sidecar;

/// <summary>Where the sidecar runs jobs.</summary>
internal static class JobEndpoints
{
    /// <summary>
    /// Maps <c>POST /job/{jobName}</c>. An exception answers 500, which the job's failure policy takes for a failure; a 404 would count as done. A run
    /// is not given up when the sidecar stops waiting, for it may take longer than any call should; it ends with the application.
    /// </summary>
    /// <param name="routes">The application.</param>
    /// <param name="handler">Gets the job's name and a token.</param>
    public static void MapJobs(this IEndpointRouteBuilder routes, Func<string, CancellationToken, Task> handler) =>
        routes.MapPost("/job/{jobName}", async (string jobName, IHostApplicationLifetime lifetime) =>
        {
            await handler(jobName, lifetime.ApplicationStopping);
            return Results.Ok();
        }).RequireSidecarToken().ExcludeFromDescription();
}
