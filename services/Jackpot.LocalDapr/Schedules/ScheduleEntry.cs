namespace Jackpot.LocalDapr.Schedules;

enum ScheduleKind
{
    Reminder,
    Job,
}

/// <summary>Names a schedule: a reminder of an actor (type, id, name) or a job of an app (app id, empty, name).</summary>
readonly record struct ScheduleKey(ScheduleKind Kind, string Namespace, string Owner, string Subject, string Name);

/// <summary>What happens to a tick that failed: so many more tries so far apart, then the tick is lost. Drop = none.</summary>
readonly record struct FailurePolicy(TimeSpan Interval, int? RetriesMax)
{
    public static readonly FailurePolicy Default = new(TimeSpan.FromSeconds(1), 3);
    public static readonly FailurePolicy Drop = new(TimeSpan.Zero, 0);
}

/// <summary>A stored reminder or job.</summary>
/// <param name="Key">Its name.</param>
/// <param name="Due">Next firing.</param>
/// <param name="Rule">How further firings follow; null = none.</param>
/// <param name="RepeatsLeft">Firings left, this one included; null = no limit.</param>
/// <param name="Expires">No firing after this.</param>
/// <param name="Data">JSON as registered, or null.</param>
/// <param name="Failure">For a tick that fails.</param>
/// <param name="Version">Changes with every registration, so that a firing of the replaced one cannot touch the new one.</param>
/// <param name="DueText">The dueTime as registered.</param>
sealed record ScheduleEntry(
    ScheduleKey Key, DateTimeOffset Due, IRecurrence? Rule, int? RepeatsLeft, DateTimeOffset? Expires, string? Data, FailurePolicy Failure, long Version, string DueText);

/// <summary>How firings follow each other.</summary>
interface IRecurrence
{
    /// <summary>The firing after one, never in the past: what was missed while nobody was there is made up for once.</summary>
    DateTimeOffset? Next(DateTimeOffset fired, DateTimeOffset now);

    /// <summary>As stored and as shown to a client: <c>@every 1m0s</c> or a cron line.</summary>
    string Text { get; }
}

/// <param name="period">Time between two firings.</param>
/// <param name="written">As the client wrote it, to be shown again.</param>
sealed class Every(TimeSpan period, string? written = null) : IRecurrence
{
    public const string Prefix = "@every ";

    public string Text => written ?? Prefix + Timing.GoDuration.Format(period);

    public DateTimeOffset? Next(DateTimeOffset fired, DateTimeOffset now)
    {
        var next = fired + period;
        return next > now ? next : now + period - TimeSpan.FromTicks((now - fired).Ticks % period.Ticks);
    }
}
