using System.Data.Common;
using Npgsql;

namespace Jackpot.Shard.Storage;

/// <summary>Makes the partitions of the coming days, well before the first contribution needs one.</summary>
internal sealed partial class PartitionKeeper(NpgsqlDataSource database, TimeProvider clock, ILogger<PartitionKeeper> log) : BackgroundService
{
    /// <summary>Days that are prepared, today included.</summary>
    public const int DaysAhead = 4;

    static readonly TimeSpan Interval = TimeSpan.FromHours(1);

    /// <summary>Makes what is missing of the next <see cref="DaysAhead"/> days. Safe to call from several replicas at once.</summary>
    public static async Task KeepAsync(NpgsqlDataSource database, TimeProvider clock, CancellationToken ct)
    {
        var today = DateOnly.FromDateTime(clock.GetUtcNow().UtcDateTime);
        for (var day = 0; day < DaysAhead; day++)
        {
            await using var command = database.CreateCommand("SELECT jp_create_contribution_partition($1)");
            command.Parameters.Add(new NpgsqlParameter<DateOnly> { TypedValue = today.AddDays(day) });
            await command.ExecuteNonQueryAsync(ct);
        }
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Interval, clock);
        try
        {
            while (await timer.WaitForNextTickAsync(stoppingToken))
            {
                await KeepOrLogAsync(stoppingToken);
            }
        }
        catch (OperationCanceledException)
        {
            // The host stops.
        }
    }

    async Task KeepOrLogAsync(CancellationToken ct)
    {
        try
        {
            await KeepAsync(database, clock, ct);
        }
        catch (DbException e)
        {
            LogKeepFailed(log, DaysAhead - 1, e);
        }
    }

    [LoggerMessage(EventId = 500, Level = LogLevel.Error, Message = "Partitions could not be made; those made earlier last for up to {Days} days")]
    static partial void LogKeepFailed(ILogger logger, int days, Exception exception);
}
