using Jackpot.Contracts.Views;
using Jackpot.Core.Lifecycle;
using Jackpot.Shard.Admin;
using Jackpot.Shard.OpenApi;

namespace Jackpot.Shard.Lifecycle;

/// <summary>Pause, resume and end; 204 when done, 409 with the reason when the step does not fit the jackpot's state.</summary>
internal sealed class StatusEndpoints(StatusHandler handler)
{
    public static void Map(IEndpointRouteBuilder routes)
    {
        var endpoints = routes.ServiceProvider.GetRequiredService<StatusEndpoints>();
        MapStep("pause", JackpotStep.Pause, "Stops taking bets; every amount stays as it is");
        MapStep("resume", JackpotStep.Resume, "Takes bets again, with everything as it was");
        MapStep("decommission", JackpotStep.Decommission, "Ends a paused jackpot that holds nothing any more");

        void MapStep(string word, JackpotStep step, string summary) =>
            routes.MapAdminPost<WhyBody>($"/v1/admin/jackpots/{{jackpotId}}/{word}", http => endpoints.StepAsync(http, step), summary)
                .Produces(StatusCodes.Status204NoContent);
    }

    async Task StepAsync(HttpContext http, JackpotStep step)
    {
        if (await StaffUser.OfAsync(http) is not { } staffUser || await AdminRequests.WhyOfBodyAsync(http) is not { } why)
        {
            return;
        }

        if (await AdminRequests.TakenAsync(http, await handler.StepAsync(AdminRequests.Route(http, "jackpotId"), step, staffUser, why, http.RequestAborted)))
        {
            http.Response.StatusCode = StatusCodes.Status204NoContent;
        }
    }
}
