using Jackpot.Dapr.Client;
using Jackpot.Dapr.Jobs;
using Jackpot.Dapr.Security;
using Jackpot.Shard.Regions;

namespace Jackpot.Shard.Storage.Archive;

/// <summary>
/// Has the sidecar run the archive job: every <see cref="ShardOptions.ArchiveInterval"/>, and at once when somebody waits for rows. Jobs
/// outlive this process and go to one of the replicas.
/// </summary>
internal sealed partial class ArchiveSchedule(DaprJobsClient jobs, ShardOptions options, TimeProvider clock, ILogger<ArchiveSchedule> log) : BackgroundService
{
    static readonly TimeSpan PauseAfterFault = TimeSpan.FromSeconds(5);

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

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (options.ArchivePath.Length > 0 && !stoppingToken.IsCancellationRequested)
        {
            try
            {
                await jobs.KeepScheduledAsync(Due, DaprJobSchedule.FromDuration(options.ArchiveInterval), stoppingToken);
                return;
            }
            catch (Exception e) when (IsOfSidecar(e) && !stoppingToken.IsCancellationRequested)
            {
                LogNotScheduled(log, Due, e);
                await Task.Delay(PauseAfterFault, clock, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }

    /// <summary>Runs the job soon; should the sidecar not take it, the next regular run does what is asked for.</summary>
    public async Task RunNowAsync(CancellationToken ct)
    {
        try
        {
            await jobs.ScheduleJobAsync(Now, DaprJobSchedule.FromDateTime(clock.GetUtcNow()), overwrite: true, cancellationToken: ct);
        }
        catch (Exception e) when (IsOfSidecar(e) && !ct.IsCancellationRequested)
        {
            LogNotScheduled(log, Now, e);
        }
    }

    static bool IsOfSidecar(Exception e) => e is DaprApiException or HttpRequestException or TaskCanceledException;

    [LoggerMessage(EventId = 525, Level = LogLevel.Warning, Message = "Job {Name} could not be scheduled")]
    static partial void LogNotScheduled(ILogger logger, string name, Exception exception);
}
