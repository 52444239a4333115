using Jackpot.Ledger.Loops;
using Npgsql;

namespace Jackpot.Shard.Rejected;

/// <summary>Measures how full the table of rejected messages is, and raises an alarm long before it is full, again and again until somebody has made room.</summary>
internal sealed partial class RejectedWatch(NpgsqlDataSource database, RejectedMessages messages, LoopTools tools, ILogger<RejectedWatch> log)
    : HostedLoop(new LoopPlan("rejected-watch", TimeSpan.FromSeconds(30), "how full the table of rejected messages is is told later"), tools)
{
    /// <summary>From this share on, in percent, it is an alarm.</summary>
    const int AlarmPercent = 50;

    protected override Task PassAsync(CancellationToken ct) => LookAsync(ct);

    public async Task LookAsync(CancellationToken ct)
    {
        await using var connection = await database.OpenConnectionAsync(ct);
        var (rows, bytes) = await RejectedMessages.CountAsync(connection, ct);
        var full = Math.Max((double)rows / messages.RowsMax, (double)bytes / messages.BytesMax);
        Metrics.RejectedWaiting(rows, full);
        if (full * 100 >= AlarmPercent)
        {
            LogFilling(log, rows, bytes, (int)(full * 100));
        }
    }

    [LoggerMessage(EventId = 642, Level = LogLevel.Error, Message = "{Rows} rejected messages ({Bytes} bytes) wait for staff, {Percent} % of what is kept; when it is full, the streams stop; see /v1/admin/rejected")]
    static partial void LogFilling(ILogger logger, long rows, long bytes, int percent);
}
