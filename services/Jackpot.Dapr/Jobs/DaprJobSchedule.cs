using System.Globalization;

namespace Jackpot.Dapr.Jobs;

/// <summary>When a job runs.</summary>
public sealed record DaprJobSchedule
{
    DaprJobSchedule(string? schedule, string? dueTime)
    {
        Schedule = schedule;
        DueTime = dueTime;
    }

    /// <summary>The repeating part; null for a job that runs once.</summary>
    public string? Schedule { get; }

    /// <summary>When it runs first, or only.</summary>
    public string? DueTime { get; }

    /// <summary>Once a day at midnight.</summary>
    public static DaprJobSchedule Daily { get; } = FromExpression("@daily");

    /// <summary>Once an hour.</summary>
    public static DaprJobSchedule Hourly { get; } = FromExpression("@hourly");

    /// <summary>A cron expression of six fields, seconds first.</summary>
    public static DaprJobSchedule FromCronExpression(string cronExpression) => FromExpression(cronExpression);

    /// <summary>Any expression Dapr takes: cron, <c>@every 1m</c>, <c>@daily</c>.</summary>
    public static DaprJobSchedule FromExpression(string expression) => new(expression, null);

    /// <summary>Again and again after this time.</summary>
    public static DaprJobSchedule FromDuration(TimeSpan duration) =>
        new(string.Create(CultureInfo.InvariantCulture, $"@every {Client.DaprDuration.Format(duration)}"), null);

    /// <summary>Once, at this instant.</summary>
    public static DaprJobSchedule FromDateTime(DateTimeOffset scheduledTime) =>
        new(null, scheduledTime.UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ss.fffZ", CultureInfo.InvariantCulture));
}

/// <summary>What happens when a job's callback fails.</summary>
/// <param name="Interval">Between tries; null drops the tick at the first failure.</param>
/// <param name="MaxRetries">Further tries; null for ever.</param>
public sealed record DaprJobFailurePolicy(TimeSpan? Interval, int? MaxRetries)
{
    /// <summary>No second try.</summary>
    public static DaprJobFailurePolicy Drop { get; } = new(null, null);

    /// <summary>Further tries with the same pause.</summary>
    public static DaprJobFailurePolicy Constant(TimeSpan interval, int? maxRetries = null) => new(interval, maxRetries);
}

/// <summary>A scheduled job as the sidecar tells it.</summary>
public sealed record DaprJobDetails(string Name, string? Schedule, string? DueTime, int? Repeats, string? Ttl);
