using System.Net;
using Jackpot.Dapr.Client;

namespace Jackpot.Dapr.Actors;

/// <summary>Reminders and timers of one actor type, kept by the sidecar.</summary>
internal sealed class ActorTimerManager(SidecarHttp sidecar, string actorType)
{
    public Task RegisterReminderAsync(ActorId id, ActorReminder reminder) =>
        sidecar.CallAsync(HttpMethod.Put, PathOf(id, "reminders", reminder.Name), sidecar.Json(ActorSchedule.Of(reminder)), CancellationToken.None);

    public async Task<IActorReminder?> GetReminderAsync(ActorId id, string name)
    {
        try
        {
            var schedule = await sidecar.CallAsync<ActorSchedule>(HttpMethod.Get, PathOf(id, "reminders", name), null, CancellationToken.None);
            return schedule?.ToReminder(name);
        }
        catch (DaprApiException missing) when (missing.Status == HttpStatusCode.NotFound)
        {
            return null;
        }
    }

    public Task UnregisterReminderAsync(ActorId id, string name) =>
        sidecar.CallAsync(HttpMethod.Delete, PathOf(id, "reminders", name), null, CancellationToken.None);

    public Task RegisterTimerAsync(ActorId id, ActorTimer timer) =>
        sidecar.CallAsync(HttpMethod.Put, PathOf(id, "timers", timer.Name), sidecar.Json(ActorSchedule.Of(timer)), CancellationToken.None);

    public Task UnregisterTimerAsync(ActorId id, string name) =>
        sidecar.CallAsync(HttpMethod.Delete, PathOf(id, "timers", name), null, CancellationToken.None);

    string PathOf(ActorId id, string kind, string name) => SidecarPath.Of("actors", actorType, id.GetId(), kind, name);
}
