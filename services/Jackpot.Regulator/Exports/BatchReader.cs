using System.Collections.Immutable;
using Jackpot.Core.Chain;
using Jackpot.Core.Ids;
using Jackpot.Core.Pools;
using Jackpot.Core.Verification;
using Jackpot.Ledger.Contributions;
using Jackpot.Ledger.Storage;
using Npgsql;

namespace Jackpot.Regulator.Exports;

/// <summary>A batch with its rows, and what each tier showed after each of them, tier by tier.</summary>
internal sealed record StoredBatch(ExportedBatch Batch, ImmutableArray<long> AmountsMicros);

/// <summary>Reads the links of a jackpot's hash chain with the rows behind them.</summary>
internal static class BatchReader
{
    /// <summary>Contributions that one statement reads.</summary>
    public const int RowsPerRead = 20_000;

    // Batch by batch through the index, whatever the planner believes of the tables: with no or old statistics a join of the two can read all
    // rows of the jackpot once per batch.
    const string Query = """
        SELECT b.config_version, b.first_sequence, b.count, b.root, b.head, b.decided_at_ms,
               coalesce((SELECT v.head FROM void_step v WHERE v.jackpot = b.jackpot AND v.after_sequence = b.first_sequence - 1 ORDER BY v.first_number DESC LIMIT 1),
                        (SELECT p.head FROM batch p WHERE p.jackpot = b.jackpot AND p.first_sequence < b.first_sequence ORDER BY p.first_sequence DESC LIMIT 1)),
               r.stakes, r.contributions, r.keys, r.bodies, r.amounts, r.fundings
        FROM batch b
        CROSS JOIN LATERAL (
            SELECT array_agg(c.stake ORDER BY c.sequence) AS stakes, array_agg(c.contribution ORDER BY c.sequence) AS contributions,
                   array_agg(c.key16 ORDER BY c.sequence) AS keys, array_agg(c.body16 ORDER BY c.sequence) AS bodies,
                   array_agg(c.amounts ORDER BY c.sequence) AS amounts, array_agg(c.funding ORDER BY c.sequence) AS fundings
            FROM contribution c
            WHERE c.jackpot = b.jackpot AND c.day = b.day AND c.sequence BETWEEN b.first_sequence AND b.first_sequence + b.count - 1
            HAVING count(*) > 0) r
        WHERE b.jackpot = $1 AND b.first_sequence > $2 AND b.first_sequence <= $3
        ORDER BY b.first_sequence
        """;

    /// <summary>The batches that begin after one sequence and not after another, in chain order.</summary>
    public static async IAsyncEnumerable<StoredBatch> ReadAsync(
        NpgsqlConnection connection, int jackpot, JackpotId id, long afterSequence, long throughSequence,
        [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken ct)
    {
        await using var command = LongRead.Command(connection, Query);
        command.Parameters.Add(new NpgsqlParameter<int> { TypedValue = jackpot });
        command.Parameters.Add(new NpgsqlParameter<long> { TypedValue = afterSequence });
        command.Parameters.Add(new NpgsqlParameter<long> { TypedValue = throughSequence });
        await using var row = await command.ExecuteReaderAsync(ct);
        while (await row.ReadAsync(ct))
        {
            yield return Read(id, row);
        }
    }

    /// <summary>The same, in pages of <see cref="RowsPerRead"/>; each is progress of the <see cref="LongRead"/> that it is part of.</summary>
    public static async IAsyncEnumerable<StoredBatch> ReadInPagesAsync(
        NpgsqlConnection connection, int jackpot, JackpotId id, long afterSequence, long throughSequence,
        [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken ct)
    {
        for (var after = afterSequence; after < throughSequence; after += RowsPerRead)
        {
            await foreach (var stored in ReadAsync(connection, jackpot, id, after, Math.Min(after + RowsPerRead, throughSequence), ct))
            {
                yield return stored;
            }

            LongRead.Progress();
        }
    }

    static StoredBatch Read(JackpotId id, NpgsqlDataReader row)
    {
        var first = row.GetInt64(1);
        var headBefore = row.IsDBNull(6) ? ChainHead.Genesis(id) : new Hash32(row.GetFieldValue<byte[]>(6));
        var rows = Rows(first, row.GetFieldValue<long[]>(7), row.GetFieldValue<long[]>(8), row.GetFieldValue<Guid[]>(9), row.GetFieldValue<Guid[]>(10), row.GetFieldValue<short[]>(12));
        var batch = new ExportedBatch(
            row.GetInt32(0), first, row.GetInt32(2), headBefore, new Hash32(row.GetFieldValue<byte[]>(3)), new Hash32(row.GetFieldValue<byte[]>(4)), rows)
        {
            DecidedAtUnixMs = row.GetInt64(5),
        };
        return new StoredBatch(batch, [.. row.GetFieldValue<byte[][]>(11).SelectMany(packed => PackedAmounts.Unpack(packed))]);
    }

    static ImmutableArray<ExportedRow> Rows(long first, long[] stakes, long[] contributions, Guid[] keys, Guid[] bodies, short[] fundings)
    {
        var rows = ImmutableArray.CreateBuilder<ExportedRow>(stakes.Length);
        for (var i = 0; i < stakes.Length; i++)
        {
            rows.Add(new ExportedRow(
                first + i, stakes[i], contributions[i], new Hash16(keys[i].ToByteArray(bigEndian: true)), new Hash16(bodies[i].ToByteArray(bigEndian: true)),
                (BetFunding)fundings[i]));
        }

        return rows.MoveToImmutable();
    }
}
