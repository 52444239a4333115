using System.Globalization;
using Dapr.Client.Autogen.Grpc.v1;
using Grpc.Core;

namespace Jackpot.Shard.Sidecar;

/// <summary>
/// Schedules jobs that the sidecar runs against <c>POST /job/{name}</c> of this application, at least once per tick. The SDK's own jobs client is not
/// published for every feed; this is the little of it that is needed, on the protocol's client.
/// </summary>
internal sealed class SidecarJobs(SidecarGrpc sidecar)
{
    static readonly TimeSpan CallMax = TimeSpan.FromSeconds(10);

    /// <summary>
    /// Schedules a recurring job unless it is scheduled like that already: a start of the application then does not begin its interval anew, which would
    /// keep a job from ever running whose application starts more often than that. A job of this name with another schedule is replaced.
    /// </summary>
    /// <exception cref="RpcException">The sidecar refused it, or its answer was lost.</exception>
    public async Task KeepScheduledAsync(string name, TimeSpan interval, CancellationToken ct)
    {
        var job = new Job { Name = name, Schedule = "@every " + GoDuration(interval) };
        try
        {
            await ScheduleAsync(job, overwrite: false, ct);
        }
        catch (RpcException e) when (e.StatusCode == StatusCode.AlreadyExists)
        {
            if ((await sidecar.Client.GetJobAsync(new GetJobRequest { Name = name }, sidecar.Options(CallMax, ct))).Job.Schedule != job.Schedule)
            {
                await ScheduleAsync(job, overwrite: true, ct);
            }
        }
    }

    /// <summary>Runs a job once, at that time; one of the same name that has not run yet is replaced.</summary>
    /// <exception cref="RpcException">The sidecar refused it, or its answer was lost.</exception>
    public Task ScheduleOnceAsync(string name, DateTimeOffset at, CancellationToken ct) => ScheduleAsync(
        new Job { Name = name, DueTime = at.UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ss.fffZ", CultureInfo.InvariantCulture) }, overwrite: true, ct);

    async Task ScheduleAsync(Job job, bool overwrite, CancellationToken ct) =>
        await sidecar.Client.ScheduleJobAsync(new ScheduleJobRequest { Job = job, Overwrite = overwrite }, sidecar.Options(CallMax, ct));

    static string GoDuration(TimeSpan interval) =>
        string.Create(CultureInfo.InvariantCulture, $"{(long)interval.TotalHours}h{interval.Minutes}m{interval.Seconds}s{interval.Milliseconds}ms");
}
