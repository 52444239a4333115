namespace Jackpot.Shard.Ownership;

/// <summary>Follows placement, beside the bets: after a scale-out the batchers of a replica move to where their actors have moved.</summary>
internal sealed partial class OwnershipWatch(BatcherOwners owners, TimeProvider clock, ILogger<OwnershipWatch> log) : BackgroundService
{
    static readonly TimeSpan Interval = TimeSpan.FromSeconds(5);
    static readonly TimeSpan AnswerWaitMax = TimeSpan.FromSeconds(2);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Interval, clock);
        try
        {
            while (await timer.WaitForNextTickAsync(stoppingToken))
            {
                await FollowAsync(stoppingToken);
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The host stops.
        }
    }

    async Task FollowAsync(CancellationToken ct)
    {
        try
        {
            await owners.FollowPlacementAsync(AnswerWaitMax, ct);
        }
        catch (System.Data.Common.DbException e)
        {
            LogNotFollowed(log, e);
        }
    }

    [LoggerMessage(EventId = 112, Level = LogLevel.Warning, Message = "Owners of batchers could not be read; the next look follows")]
    static partial void LogNotFollowed(ILogger logger, Exception exception);
}
