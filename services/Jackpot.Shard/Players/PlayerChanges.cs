using System.Data.Common;

namespace Jackpot.Shard.Players;

/// <summary>Takes in what other replicas changed about players.</summary>
internal sealed partial class PlayerChanges(StandingBook standings, OptInBook optIns, TimeProvider clock, ILogger<PlayerChanges> log) : BackgroundService
{
    /// <summary>How old this replica's knowledge of players may be, at most, as long as the database answers. Without it no bet is recorded either.</summary>
    public static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Interval, clock);
        try
        {
            while (await timer.WaitForNextTickAsync(stoppingToken))
            {
                await CatchUpAsync(stoppingToken);
            }
        }
        catch (OperationCanceledException)
        {
            // The host stops.
        }
    }

    async Task CatchUpAsync(CancellationToken ct)
    {
        try
        {
            await standings.CatchUpAsync(ct);
            await optIns.CatchUpAsync(ct);
        }
        catch (DbException e)
        {
            LogNotCaughtUp(log, e);
        }
    }

    [LoggerMessage(EventId = 630, Level = LogLevel.Warning, Message = "Changes of players could not be read; the next look follows")]
    static partial void LogNotCaughtUp(ILogger logger, Exception exception);
}
