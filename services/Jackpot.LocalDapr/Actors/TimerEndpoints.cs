using System.Text.Json;
using Jackpot.LocalDapr.Answers;
using Jackpot.LocalDapr.Sidecars;
using Jackpot.LocalDapr.Timing;
using static Jackpot.LocalDapr.Sidecars.SidecarRoutes;

namespace Jackpot.LocalDapr.Actors;

/// <summary>Actor timers.</summary>
static class TimerEndpoints
{
    const string Pattern = "/v1.0/actors/{type}/{id}/timers/{name}";

    public static void MapActorTimers(this IEndpointRouteBuilder routes)
    {
        routes.MapDapr(PostPut, Pattern, StartAsync);
        routes.MapDapr(Delete, Pattern, StopAsync);
    }

    static async Task StartAsync(HttpContext http, Sidecar sidecar)
    {
        var key = new ActorKey(http.Segment("type"), http.Segment("id"));
        var name = http.Segment("name");
        if (sidecar.ActorHost?.FindOrActivate(key) is not { } actor)
        {
            await http.Error(400, "ERR_ACTOR_INSTANCE_MISSING", "actor instance is missing");
            return;
        }
        try
        {
            using var document = await JsonDocument.ParseAsync(http.Request.Body, default, http.RequestAborted);
            var request = FiringRequest.Read(document.RootElement);
            var timetable = Timetable.Parse(request.DueTime, request.Period, request.Ttl, sidecar.Clock.GetUtcNow());
            var body = request.TimerBody();
            actor.Timers.Start(name, timetable, sidecar.Clock, token => FireAsync(sidecar, key, name, body, token));
            await http.NoContent();
        }
        catch (Exception unreadable) when (unreadable is JsonException or FormatException)
        {
            await http.Error(400, "ERR_MALFORMED_REQUEST", $"failed to create actor timer: {unreadable.Message}");
        }
    }

    static async Task StopAsync(HttpContext http, Sidecar sidecar)
    {
        var key = new ActorKey(http.Segment("type"), http.Segment("id"));
        sidecar.ActorHost?.Find(key)?.Timers.Stop(http.Segment("name"));
        await http.NoContent();
    }

    /// <summary>An error of the callback does not stop a timer; the app's cancel header does.</summary>
    static async Task<bool> FireAsync(Sidecar sidecar, ActorKey key, string name, ReadOnlyMemory<byte> body, CancellationToken cancellation)
    {
        try
        {
            using var answer = await sidecar.ActorHost!.RunTurnAsync(key, new FiringTurn("timer", name, body), cancellation);
            return answer is not null && !answer.AsksToCancel;
        }
        catch (Exception failed) when (failed is not OperationCanceledException)
        {
            sidecar.LogTimerFailed(key.Type, key.Id, name, failed.Message);
            return true;
        }
    }
}
