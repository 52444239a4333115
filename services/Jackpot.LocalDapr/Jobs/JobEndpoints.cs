using System.Globalization;
using System.Text;
using System.Text.Json;
using Jackpot.LocalDapr.Answers;
using Jackpot.LocalDapr.Schedules;
using Jackpot.LocalDapr.Sidecars;
using static Jackpot.LocalDapr.Sidecars.SidecarRoutes;

namespace Jackpot.LocalDapr.Jobs;

/// <summary>Scheduled jobs of an app.</summary>
static class JobEndpoints
{
    public static void MapJobs(this IEndpointRouteBuilder routes)
    {
        foreach (var prefix in new[] { "/v1.0", "/v1.0-alpha1" })
        {
            routes.MapDapr(PostPut, prefix + "/jobs/{name}", ScheduleAsync);
            routes.MapDapr(Get, prefix + "/jobs/{name}", ReadAsync);
            routes.MapDapr(Delete, prefix + "/jobs/{name}", RemoveAsync);
        }
    }

    static async Task ScheduleAsync(HttpContext http, Sidecar sidecar)
    {
        var name = http.Segment("name");
        try
        {
            using var document = await JsonDocument.ParseAsync(http.Request.Body, default, http.RequestAborted);
            var job = JobRequest.Read(document.RootElement);
            if (job.Schedule is null && job.DueTime is null)
            {
                await http.Error(400, "DAPR_SCHEDULER_SCHEDULE_EMPTY", "job schedule must be specified", "DAPR_SCHEDULER_SCHEDULE_EMPTY");
            }
            else if (await sidecar.Schedules.PutAsync(job.ToEntry(KeyOf(sidecar, name), sidecar.Clock.GetUtcNow()), job.Overwrite, http.RequestAborted))
            {
                await http.NoContent();
            }
            else
            {
                await http.Error(409, "DAPR_SCHEDULER_JOB_ALREADY_EXISTS", $"job already exists: {name}", "DAPR_SCHEDULER_JOB_ALREADY_EXISTS");
            }
        }
        catch (Exception unreadable) when (unreadable is JsonException or FormatException)
        {
            await http.Error(400, "ERR_MALFORMED_REQUEST", $"failed to schedule job: {unreadable.Message}");
        }
    }

    static async Task ReadAsync(HttpContext http, Sidecar sidecar)
    {
        if (await sidecar.Schedules.FindAsync(KeyOf(sidecar, http.Segment("name")), http.RequestAborted) is not { } entry)
        {
            await http.Error(500, "DAPR_SCHEDULER_GET_JOB", $"failed to get job due to: job not found: {http.Segment("name")}", "DAPR_SCHEDULER_GET_JOB");
            return;
        }
        await http.Json(200, writer => Write(writer, entry));
    }

    static async Task RemoveAsync(HttpContext http, Sidecar sidecar)
    {
        await sidecar.Schedules.DeleteAsync(KeyOf(sidecar, http.Segment("name")), http.RequestAborted);
        await http.NoContent();
    }

    static void Write(Utf8JsonWriter writer, ScheduleEntry entry)
    {
        writer.WriteStartObject();
        writer.WriteString("name", entry.Key.Name);
        if (entry.Rule is { } rule)
        {
            writer.WriteString("schedule", rule.Text);
        }
        if (entry.DueText.Length > 0)
        {
            writer.WriteString("dueTime", entry.DueText);
        }
        if (entry.RepeatsLeft is { } repeats)
        {
            writer.WriteNumber("repeats", repeats);
        }
        if (entry.Expires is { } expires)
        {
            writer.WriteString("ttl", expires.ToString("O", CultureInfo.InvariantCulture));
        }
        if (entry.Data is { } data)
        {
            writer.WritePropertyName("data");
            writer.WriteRawValue(Encoding.UTF8.GetBytes(data));
        }
        writer.WriteEndObject();
    }

    static ScheduleKey KeyOf(Sidecar sidecar, string name) => new(ScheduleKind.Job, sidecar.Options.Namespace, sidecar.Options.AppId, "", name);
}
