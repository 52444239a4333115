using Jackpot.Ledger.Loops;
using Jackpot.Ledger.Parking;

namespace Jackpot.Shard.Parking;

/// <summary>Tells of parked rows again and again until somebody has dealt with them, so that one alarm that was missed is not the last.</summary>
internal sealed partial class ParkingWatch(ParkedRows parked, LoopTools tools, ILogger<ParkingWatch> log)
    : HostedLoop(new LoopPlan("parking-watch", TimeSpan.FromMinutes(1), "whether rows are parked is reported later"), tools)
{
    protected override async Task PassAsync(CancellationToken ct)
    {
        var counts = await parked.CountAsync(ct);
        Metrics.RowsAreParked(counts);
        foreach (var (source, rows, oldest) in counts)
        {
            LogParked(log, rows, source, oldest);
        }
    }

    [LoggerMessage(EventId = 711, Level = LogLevel.Error, Message = "{Rows} rows of {Source} are parked, the oldest since {Oldest:O}; see /v1/admin/parked-rows")]
    static partial void LogParked(ILogger logger, long rows, string source, DateTimeOffset oldest);
}
