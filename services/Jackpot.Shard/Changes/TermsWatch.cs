using System.Globalization;
using Jackpot.Ledger.Jackpots;
using Jackpot.Ledger.Loops;
using Jackpot.Ledger.Parking;
using Npgsql;

namespace Jackpot.Shard.Changes;

/// <summary>Follows terms that other writers put in force: audits them, and shows this replica's endpoints the new ones.</summary>
internal sealed class TermsWatch(NpgsqlDataSource database, EffectNotifier effects, JackpotDirectory directory, ParkedRows parked, LoopTools tools)
    : HostedLoop(new LoopPlan("terms-watch", TimeSpan.FromSeconds(1), "what came into force is audited later"), tools)
{
    /// <summary>Rows get their ordinal before they are committed, so a few may come after one that was seen.</summary>
    const int LateMax = 1_000;

    long _seen;

    /// <summary>One look. Safe to call from several replicas at once, and again after a crash.</summary>
    public async Task LookAsync(CancellationToken ct)
    {
        await using var connection = await database.OpenConnectionAsync(ct);
        await using (var transaction = await connection.BeginTransactionAsync(ct))
        {
            await effects.TellAsync(transaction, ct);
            await transaction.CommitAsync(ct);
        }

        await ShowAsync(connection, ct);
        foreach (var (number, reason) in directory.Unreadable)
        {
            await parked.ParkAsync(connection, new RowToPark(ParkingSource.Terms, number.ToString(CultureInfo.InvariantCulture), [], reason), ct);
        }
    }

    async Task ShowAsync(NpgsqlConnection connection, CancellationToken ct)
    {
        var newer = new List<int>();
        await using (var command = new NpgsqlCommand("SELECT ordinal, jackpot, version FROM jackpot_terms WHERE ordinal > $1 ORDER BY ordinal", connection))
        {
            command.Parameters.Add(new NpgsqlParameter<long> { TypedValue = _seen - LateMax });
            await using var row = await command.ExecuteReaderAsync(ct);
            while (await row.ReadAsync(ct))
            {
                _seen = row.GetInt64(0);
                if (directory.ByNumber(row.GetInt32(1)) is not { } known || known.Config.Version < row.GetInt32(2))
                {
                    newer.Add(row.GetInt32(1));
                }
            }
        }

        if (newer.Count > 0)
        {
            await directory.ReloadAsync(newer, ct);
        }
    }

    protected override Task PassAsync(CancellationToken ct) => LookAsync(ct);
}
