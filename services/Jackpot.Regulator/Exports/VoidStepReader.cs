using System.Collections.Immutable;
using Jackpot.Core.Chain;
using Jackpot.Core.Verification;
using Jackpot.Core.Voids;
using Jackpot.Ledger.Storage;
using Npgsql;

namespace Jackpot.Regulator.Exports;

/// <summary>Reads the links of a jackpot's hash chain that take contributions back, one at a time: a step has at most as many rows as a batch.</summary>
internal static class VoidStepReader
{
    /// <summary>The step whose first void has this number.</summary>
    /// <exception cref="InvalidOperationException">There is none.</exception>
    public static async Task<ExportedVoidStep> ReadAsync(NpgsqlConnection connection, int jackpot, long firstNumber, CancellationToken ct)
    {
        await using var command = LongRead.Command(connection, """
            SELECT s.config_version, s.after_sequence, s.head_before, s.root, s.head, v.number, v.sequence, v.stake, v.contribution, v.road, v.key16, v.body16
            FROM void_step s JOIN void v ON v.jackpot = s.jackpot AND v.number BETWEEN s.first_number AND s.first_number + s.count - 1
            WHERE s.jackpot = $1 AND s.first_number = $2 ORDER BY v.number
            """);
        Add(command, jackpot, firstNumber);
        await using var row = await command.ExecuteReaderAsync(ct);
        ExportedVoidStep? step = null;
        var voids = ImmutableArray.CreateBuilder<ExportedVoid>();
        while (await row.ReadAsync(ct))
        {
            step ??= new ExportedVoidStep(row.GetInt32(0), row.GetInt64(1), firstNumber, HashOf(row, 2), HashOf(row, 3), HashOf(row, 4), []);
            voids.Add(new ExportedVoid(
                row.GetInt64(5), row.GetInt64(6), row.GetInt64(7), row.GetInt64(8), (VoidRoad)row.GetInt16(9), Hash16Of(row, 10), Hash16Of(row, 11)));
        }

        return (step ?? throw new InvalidOperationException($"No step of voids begins with number {firstNumber}.")) with { Voids = voids.ToImmutable() };
    }

    static void Add(NpgsqlCommand command, int jackpot, long firstNumber)
    {
        command.Parameters.Add(new NpgsqlParameter<int> { TypedValue = jackpot });
        command.Parameters.Add(new NpgsqlParameter<long> { TypedValue = firstNumber });
    }

    static Hash32 HashOf(NpgsqlDataReader row, int column) => new(row.GetFieldValue<byte[]>(column));

    static Hash16 Hash16Of(NpgsqlDataReader row, int column) => new(row.GetGuid(column).ToByteArray(bigEndian: true));
}
