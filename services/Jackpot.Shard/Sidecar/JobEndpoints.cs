using Jackpot.ServiceDefaults.Sidecar;

namespace Jackpot.Shard.Sidecar;

/// <summary>Where the sidecar runs jobs.</summary>
internal static class JobEndpoints
{
    /// <summary>
    /// Maps <c>POST /job/{jobName}</c>. An exception or a time-out answers 500, which the job's failure policy takes for a failure; a 404 would
    /// count as done.
    /// </summary>
    /// <param name="routes">The application.</param>
    /// <param name="handler">Gets the job's name and a token.</param>
    /// <param name="timeMax">Time for one run.</param>
    public static void MapJobs(this IEndpointRouteBuilder routes, Func<string, CancellationToken, Task> handler, TimeSpan timeMax) =>
        routes.MapPost("/job/{jobName}", async (string jobName, HttpContext http) =>
        {
            using var deadline = CancellationTokenSource.CreateLinkedTokenSource(http.RequestAborted);
            deadline.CancelAfter(timeMax);
            try
            {
                await handler(jobName, deadline.Token);
            }
            catch (OperationCanceledException) when (deadline.IsCancellationRequested)
            {
                return Results.Problem($"The job '{jobName}' did not end within {timeMax}.", statusCode: StatusCodes.Status500InternalServerError);
            }

            return Results.Ok();
        }).RequireSidecarToken().ExcludeFromDescription();
}
