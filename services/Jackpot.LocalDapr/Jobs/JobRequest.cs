using System.Text.Json;
using Jackpot.LocalDapr.Schedules;
using Jackpot.LocalDapr.Timing;

namespace Jackpot.LocalDapr.Jobs;

/// <summary>The body of a job registration.</summary>
sealed record JobRequest(string? Schedule, string? DueTime, string? Ttl, int? Repeats, string? DataJson, bool Overwrite, FailurePolicy Failure)
{
    /// <exception cref="FormatException">A field is not what it must be.</exception>
    public static JobRequest Read(JsonElement root)
    {
        if (root.ValueKind != JsonValueKind.Object || root.TryGetProperty("name", out _))
        {
            throw new FormatException("the body is a JSON object without 'name': the job's name stands in the path");
        }
        return new JobRequest(
            Text(root, "schedule"), Text(root, "dueTime"), Text(root, "ttl"),
            root.TryGetProperty("repeats", out var repeats) && repeats.TryGetInt32(out var count) ? count > 0 ? count : throw new FormatException("repeats must be positive") : null,
            root.TryGetProperty("data", out var data) && data.ValueKind != JsonValueKind.Null ? data.GetRawText() : null,
            root.TryGetProperty("overwrite", out var overwrite) && overwrite.ValueKind == JsonValueKind.True,
            FailurePolicies.Read(root.TryGetProperty("failurePolicy", out var policy) || root.TryGetProperty("failure_policy", out policy) ? policy : default));
    }

    public ScheduleEntry ToEntry(ScheduleKey key, DateTimeOffset now)
    {
        var rule = Schedule is null ? null : Recurrence.Parse(Schedule);
        var due = DueTime is not null ? Timetable.InstantOf(DueTime, now, "dueTime")
            : rule!.Next(now, now) ?? throw new FormatException($"the schedule '{Schedule}' never fires");
        var expires = Ttl is null ? (DateTimeOffset?)null : Timetable.InstantOf(Ttl, now, "ttl");
        return expires <= now ? throw new FormatException($"ttl has passed already: {Ttl}")
            : new ScheduleEntry(key, due, rule, rule is null ? 1 : Repeats, expires, DataJson, Failure, 0, DueTime ?? "");
    }

    static string? Text(JsonElement root, string name) =>
        root.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String && value.GetString() is { Length: > 0 } text ? text : null;
}
