using Jackpot.Dapr.Client;
using Jackpot.Dapr.Security;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Jackpot.Dapr.Jobs;

/// <summary>Registers the jobs client and the callback.</summary>
public static class JobRegistration
{
    /// <summary>Registers <see cref="DaprJobsClient"/>.</summary>
    public static IServiceCollection AddDaprJobsClient(this IServiceCollection services)
    {
        services.AddDaprClient();
        services.TryAddSingleton(provider => new DaprJobsClient(provider.GetRequiredService<SidecarHttp>()));
        return services;
    }

    /// <summary>
    /// Maps <c>POST /job/{jobName}</c>. An exception or a time-out answers 500, which the job's failure policy takes for a failure; a 404 would
    /// count as done.
    /// </summary>
    /// <param name="endpoints">The app.</param>
    /// <param name="handler">Gets the job's name, its payload as JSON text (empty when it has none) and a token.</param>
    /// <param name="timeout">Time for one run; null for no limit but the sidecar's.</param>
    public static IEndpointConventionBuilder MapDaprScheduledJobHandler(
        this IEndpointRouteBuilder endpoints, Func<string, ReadOnlyMemory<byte>, CancellationToken, Task> handler, TimeSpan? timeout = null) =>
        endpoints.MapPost("/job/{jobName}", async (string jobName, HttpContext http) =>
        {
            using var body = new MemoryStream();
            await http.Request.Body.CopyToAsync(body, http.RequestAborted);
            using var clock = CancellationTokenSource.CreateLinkedTokenSource(http.RequestAborted);
            if (timeout is { } limit)
            {
                clock.CancelAfter(limit);
            }

            try
            {
                await handler(jobName, body.ToArray(), clock.Token);
            }
            catch (OperationCanceledException) when (clock.IsCancellationRequested)
            {
                return Results.Problem($"The job '{jobName}' did not end within {timeout}.", statusCode: StatusCodes.Status500InternalServerError);
            }

            return Results.Ok();
        }).RequireSidecarToken();
}
