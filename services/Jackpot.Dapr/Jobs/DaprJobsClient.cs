using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;
using Jackpot.Dapr.Client;

namespace Jackpot.Dapr.Jobs;

/// <summary>Schedules jobs that the sidecar runs against <c>POST /job/{name}</c> of this app, at least once per tick.</summary>
public sealed class DaprJobsClient
{
    readonly SidecarHttp _sidecar;

    internal DaprJobsClient(SidecarHttp sidecar) => _sidecar = sidecar;

    /// <summary>Schedules a job.</summary>
    /// <param name="jobName">Unique within the app.</param>
    /// <param name="schedule">When it runs.</param>
    /// <param name="payload">JSON text that comes back with each run; null for none.</param>
    /// <param name="startingFrom">First run; null for as soon as the schedule says.</param>
    /// <param name="repeats">Runs at most; null for no limit.</param>
    /// <param name="ttl">No run after this; null for no limit.</param>
    /// <param name="overwrite">Whether a job of this name is replaced.</param>
    /// <param name="failurePolicy">Null for Dapr's default: three further tries, one second apart.</param>
    /// <param name="cancellationToken">Gives the call up.</param>
    /// <exception cref="DaprApiException">409 when the job exists and <paramref name="overwrite"/> is false.</exception>
    public Task ScheduleJobAsync(
        string jobName,
        DaprJobSchedule schedule,
        ReadOnlyMemory<byte>? payload = null,
        DateTimeOffset? startingFrom = null,
        int? repeats = null,
        DateTimeOffset? ttl = null,
        bool overwrite = false,
        DaprJobFailurePolicy? failurePolicy = null,
        CancellationToken cancellationToken = default)
    {
        var job = new JobWire
        {
            Schedule = schedule.Schedule,
            DueTime = startingFrom is { } start ? Instant(start) : schedule.DueTime,
            Repeats = repeats,
            Ttl = ttl is { } end ? Instant(end) : null,
            Data = payload is { } json ? JsonSerializer.Deserialize<JsonElement>(json.Span) : null,
            Overwrite = overwrite,
            FailurePolicy = failurePolicy is null ? null : PolicyOf(failurePolicy),
        };
        return _sidecar.CallAsync(HttpMethod.Post, SidecarPath.Of("jobs", jobName), _sidecar.Json(job), cancellationToken);
    }

    /// <summary>
    /// Schedules a recurring job unless it is scheduled like that already: a start of the app then does not begin its interval anew, which would
    /// keep a job from ever running whose app starts more often than that. A job of this name with another schedule is replaced.
    /// </summary>
    /// <exception cref="DaprApiException">The sidecar refused it, or its answer was lost.</exception>
    public async Task KeepScheduledAsync(string jobName, DaprJobSchedule schedule, CancellationToken cancellationToken = default)
    {
        try
        {
            await ScheduleJobAsync(jobName, schedule, cancellationToken: cancellationToken);
        }
        catch (DaprApiException e) when (e.Status == System.Net.HttpStatusCode.Conflict)
        {
            if ((await GetJobAsync(jobName, cancellationToken)).Schedule != schedule.Schedule)
            {
                await ScheduleJobAsync(jobName, schedule, overwrite: true, cancellationToken: cancellationToken);
            }
        }
    }

    /// <summary>Reads a job.</summary>
    /// <exception cref="DaprApiException">Dapr answers 500 with <c>DAPR_SCHEDULER_GET_JOB</c> when there is no such job.</exception>
    public async Task<DaprJobDetails> GetJobAsync(string jobName, CancellationToken cancellationToken = default)
    {
        var job = await _sidecar.CallAsync<JobWire>(HttpMethod.Get, SidecarPath.Of("jobs", jobName), null, cancellationToken) ?? new JobWire();
        return new DaprJobDetails(jobName, job.Schedule, job.DueTime, job.Repeats, job.Ttl);
    }

    /// <summary>Removes a job; no error when there is none.</summary>
    public Task DeleteJobAsync(string jobName, CancellationToken cancellationToken = default) =>
        _sidecar.CallAsync(HttpMethod.Delete, SidecarPath.Of("jobs", jobName), null, cancellationToken);

    static object PolicyOf(DaprJobFailurePolicy policy) => policy.Interval is { } interval
        ? new { constant = new { interval = ProtobufDuration(interval), maxRetries = policy.MaxRetries } }
        : new { drop = new { } };

    /// <summary>A failure policy is the one place where Dapr reads protobuf's form of a duration and refuses Go's.</summary>
    static string ProtobufDuration(TimeSpan duration) => string.Create(CultureInfo.InvariantCulture, $"{duration.TotalSeconds:0.#######}s");

    static string Instant(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ss.fffZ", CultureInfo.InvariantCulture);

    sealed record JobWire
    {
        [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
        public string? Schedule { get; init; }

        [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
        public string? DueTime { get; init; }

        [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
        public int? Repeats { get; init; }

        [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
        public string? Ttl { get; init; }

        [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
        public JsonElement? Data { get; init; }

        [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
        public bool Overwrite { get; init; }

        [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
        public object? FailurePolicy { get; init; }
    }
}
