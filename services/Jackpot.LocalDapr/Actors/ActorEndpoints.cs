using Jackpot.LocalDapr.Reminders;
using Jackpot.LocalDapr.Sidecars;

namespace Jackpot.LocalDapr.Actors;

/// <summary>The actors API.</summary>
static class ActorEndpoints
{
    static readonly string[] InvokeVerbs = ["GET", "POST", "PUT", "DELETE"];

    public static void MapActors(this IEndpointRouteBuilder routes)
    {
        routes.MapDapr(InvokeVerbs, "/v1.0/actors/{type}/{id}/method/{method}", ActorInvocation.InvokeAsync);
        routes.MapActorState();
        routes.MapActorTimers();
        routes.MapReminders();
    }
}
