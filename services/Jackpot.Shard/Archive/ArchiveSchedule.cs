using Grpc.Core;
using Jackpot.Ledger.Archive;
using Jackpot.Ledger.Loops;
using Jackpot.Ledger.Settings;
using Jackpot.ServiceDefaults.Sidecar;
using Jackpot.Shard.Sidecar;

namespace Jackpot.Shard.Archive;

/// <summary>
/// Has the sidecar run the archive job: every <see cref="ShardOptions.ArchiveInterval"/>, and at once when somebody waits for rows. Jobs
/// outlive this process and go to one of the replicas.
/// </summary>
internal sealed partial class ArchiveSchedule(SidecarJobs jobs, ShardOptions options, LoopTools tools, ILogger<ArchiveSchedule> log)
    : HostedLoop(new LoopPlan("archive-schedule", LookInterval, "the archive job may not be scheduled"), tools)
{
    /// <summary>How often it is made sure that the job is still there: a scheduler may have lost its data.</summary>
    static readonly TimeSpan LookInterval = TimeSpan.FromMinutes(10);

    string Due => "archive-due-" + options.Id;

    string Now => "archive-now-" + options.Id;

    public static void Map(IEndpointRouteBuilder routes)
    {
        var schedule = routes.ServiceProvider.GetRequiredService<ArchiveSchedule>();
        var job = routes.ServiceProvider.GetRequiredService<ArchiveJob>();
        foreach (var name in (string[])[schedule.Due, schedule.Now])
        {
            routes.MapPost("/job/" + name, async (HttpContext http) =>
            {
                // Not given up when the sidecar stops waiting: a large day takes longer than any call should.
                await job.RunAsync(http.RequestServices.GetRequiredService<IHostApplicationLifetime>().ApplicationStopping);
                return Results.Ok();
            }).RequireSidecarToken();
        }
    }

    protected override Task PassAsync(CancellationToken ct) =>
        options.ArchivePath.Length == 0 ? Task.CompletedTask : jobs.KeepScheduledAsync(Due, options.ArchiveInterval, ct);

    /// <summary>Runs the job soon; should the sidecar not take it, the next regular run does what is asked for.</summary>
    public async Task RunNowAsync(CancellationToken ct)
    {
        try
        {
            await jobs.ScheduleOnceAsync(Now, Clock.GetUtcNow(), ct);
        }
        catch (Exception e) when (e is RpcException && !ct.IsCancellationRequested)
        {
            LogNotScheduled(log, Now, e);
        }
    }

    [LoggerMessage(EventId = 525, Level = LogLevel.Warning, Message = "Job {Name} could not be scheduled")]
    static partial void LogNotScheduled(ILogger logger, string name, Exception exception);
}
