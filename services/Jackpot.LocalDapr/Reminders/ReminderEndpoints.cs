using System.Text;
using System.Text.Json;
using Jackpot.LocalDapr.Actors;
using Jackpot.LocalDapr.Answers;
using Jackpot.LocalDapr.Schedules;
using Jackpot.LocalDapr.Sidecars;
using Jackpot.LocalDapr.Timing;
using static Jackpot.LocalDapr.Sidecars.SidecarRoutes;

namespace Jackpot.LocalDapr.Reminders;

/// <summary>Actor reminders.</summary>
static class ReminderEndpoints
{
    const string Pattern = "/v1.0/actors/{type}/{id}/reminders/{name}";

    public static void MapReminders(this IEndpointRouteBuilder routes)
    {
        routes.MapDapr(PostPut, Pattern, RegisterAsync);
        routes.MapDapr(Get, Pattern, ReadAsync);
        routes.MapDapr(Delete, Pattern, RemoveAsync);
    }

    static async Task RegisterAsync(HttpContext http, Sidecar sidecar)
    {
        if (!await CheckAsync(http, sidecar))
        {
            return;
        }
        try
        {
            using var document = await JsonDocument.ParseAsync(http.Request.Body, default, http.RequestAborted);
            var request = FiringRequest.Read(document.RootElement);
            var timetable = Timetable.Parse(request.DueTime, request.Period, request.Ttl, sidecar.Clock.GetUtcNow());
            var entry = new ScheduleEntry(
                KeyOf(http, sidecar), timetable.Due, timetable.Period is { } period ? new Every(period) : null, timetable.Repetitions, timetable.Expires,
                request.DataJson, FailurePolicy.Default, 0, request.DueTime ?? "");
            if (await sidecar.Schedules.PutAsync(entry, request.Overwrite, http.RequestAborted))
            {
                await http.NoContent();
            }
            else
            {
                await http.Error(409, "ERR_ACTOR_REMINDER_ALREADY_EXISTS", $"reminder already exists: {entry.Key.Name}");
            }
        }
        catch (Exception unreadable) when (unreadable is JsonException or FormatException)
        {
            await http.Error(400, "ERR_MALFORMED_REQUEST", $"failed to create actor reminder: {unreadable.Message}");
        }
    }

    static async Task ReadAsync(HttpContext http, Sidecar sidecar)
    {
        if (!await CheckAsync(http, sidecar))
        {
            return;
        }
        if (await sidecar.Schedules.FindAsync(KeyOf(http, sidecar), http.RequestAborted) is not { } entry)
        {
            await http.Error(404, "ERR_ACTOR_REMINDER_NOT_FOUND", "actor reminder not found");
            return;
        }
        await http.Json(200, writer =>
        {
            writer.WriteStartObject();
            writer.WriteString("actorID", entry.Key.Subject);
            writer.WriteString("actorType", entry.Key.Owner);
            if (entry.Data is { } data)
            {
                writer.WritePropertyName("data");
                writer.WriteRawValue(Encoding.UTF8.GetBytes(data));
            }
            writer.WriteString("dueTime", entry.DueText);
            if (entry.Rule is { } rule)
            {
                writer.WriteString("period", rule.Text);
            }
            writer.WriteEndObject();
        });
    }

    static async Task RemoveAsync(HttpContext http, Sidecar sidecar)
    {
        if (await CheckAsync(http, sidecar))
        {
            await sidecar.Schedules.DeleteAsync(KeyOf(http, sidecar), http.RequestAborted);
            await http.NoContent();
        }
    }

    static async Task<bool> CheckAsync(HttpContext http, Sidecar sidecar)
    {
        var type = http.Segment("type");
        if (new ActorKey(type, "").IsReserved)
        {
            await http.Error(403, "ERR_ACTOR_TYPE_RESERVED", $"the actor type {type} is reserved");
            return false;
        }
        if (sidecar.Components.ActorStateStore is null)
        {
            await http.Error(500, "ERR_ACTOR_RUNTIME_NOT_FOUND", "the state store is not configured to use the actor runtime");
            return false;
        }
        if (sidecar.ActorHost?.Config.ActorTypes.ContainsKey(type) != true)
        {
            await http.Error(403, "ERR_ACTOR_REMINDER_NON_HOSTED", $"operations on actor reminders are only possible on hosted actor types: {type}");
            return false;
        }
        return true;
    }

    static ScheduleKey KeyOf(HttpContext http, Sidecar sidecar) =>
        new(ScheduleKind.Reminder, sidecar.Options.Namespace, http.Segment("type"), http.Segment("id"), http.Segment("name"));
}
