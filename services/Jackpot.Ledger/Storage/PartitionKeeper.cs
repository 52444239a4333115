using Jackpot.Ledger.Loops;
using Npgsql;

namespace Jackpot.Ledger.Storage;

/// <summary>Makes the partitions of the coming days, well before the first contribution needs one.</summary>
internal sealed class PartitionKeeper(NpgsqlDataSource database, LoopTools tools)
    : HostedLoop(new LoopPlan("partition-keeper", TimeSpan.FromHours(1), "the partitions made earlier last for up to three days"), tools)
{
    /// <summary>Days that are prepared, today included.</summary>
    public const int DaysAhead = 4;

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

    protected override Task PassAsync(CancellationToken ct) => KeepAsync(database, Clock, ct);
}
