using System.Collections.Immutable;
using Jackpot.Contracts.Exports;
using Jackpot.Core.Chain;
using Jackpot.Core.Draws;
using Jackpot.Core.Ids;
using Jackpot.Core.Pools;
using Jackpot.Core.Verification;
using Jackpot.Shard.Jackpots;
using Npgsql;

namespace Jackpot.Shard.Audit;

/// <summary>Writes a dropped cycle as <see cref="CycleExportFile"/>, batch by batch, from one snapshot of the tables.</summary>
internal sealed class CycleExportReader(NpgsqlDataSource database)
{
    /// <summary>False when the cycle does not exist or has not dropped; then nothing was written.</summary>
    public async Task<bool> WriteAsync(JackpotEntry jackpot, PoolId poolId, long cycle, Stream output, CancellationToken ct)
    {
        var tier = jackpot.Config.Pools.Select(pool => pool.Id).ToList().IndexOf(poolId);
        await using var connection = await database.OpenConnectionAsync(ct);
        await using var snapshot = await connection.BeginTransactionAsync(System.Data.IsolationLevel.RepeatableRead, ct);
        if (await HeaderAsync(connection, jackpot, tier, cycle, ct) is not { } header)
        {
            return false;
        }

        CycleExportFile.WriteHeader(output, header, [jackpot.Definition]);
        await foreach (var batch in BatchesAsync(connection, jackpot, header, ct))
        {
            CycleExportFile.WriteBatch(output, batch);
            await output.FlushAsync(ct);
        }

        return true;
    }

    static async Task<CycleExport?> HeaderAsync(NpgsqlConnection connection, JackpotEntry jackpot, int tier, long cycle, CancellationToken ct)
    {
        await using var command = new NpgsqlCommand("""
            SELECT c.commitment, c.secret, c.opened_after_sequence, c.opening_increment, c.opening_seed, c.opening_reserve, c.opening_overflow,
                   c.threshold_above, a.award_id, a.sequence, a.amount, m.increment, m.seed, m.reserve, m.overflow
            FROM cycle c
            JOIN award a ON a.pool = c.pool AND a.cycle = c.cycle
            JOIN LATERAL (SELECT sum(increment)::bigint AS increment, sum(seed)::bigint AS seed, sum(reserve)::bigint AS reserve,
                                 sum(overflow)::bigint AS overflow
                          FROM journal j WHERE j.pool = c.pool AND j.cycle = c.cycle AND j.kind = 'batch') m ON true
            WHERE c.pool = $1 AND c.cycle = $2 AND c.secret IS NOT NULL
            """, connection);
        command.Parameters.Add(new NpgsqlParameter<int> { TypedValue = jackpot.PoolNumbers[tier] });
        command.Parameters.Add(new NpgsqlParameter<long> { TypedValue = cycle });
        await using var reader = await command.ExecuteReaderAsync(ct);
        return await reader.ReadAsync(ct) ? Header(jackpot, tier, cycle, reader) : null;
    }

    static CycleExport Header(JackpotEntry jackpot, int tier, long cycle, NpgsqlDataReader reader)
    {
        var pool = jackpot.Config.Pools[tier].Id;
        var opening = new PoolState(
            pool, PoolStatus.Open, cycle, reader.GetInt64(2), reader.GetInt64(3), reader.GetInt64(4), reader.GetInt64(5), reader.GetInt64(6), reader.GetInt64(7));
        var closing = opening with
        {
            Status = PoolStatus.Dropped,
            IncrementMicros = opening.IncrementMicros + reader.GetInt64(11),
            SeedMicros = opening.SeedMicros + reader.GetInt64(12),
            ReserveMicros = opening.ReserveMicros + reader.GetInt64(13),
            OverflowMicros = opening.OverflowMicros + reader.GetInt64(14),
        };
        return new CycleExport(
            jackpot.Config.Id, pool, cycle, [jackpot.Config], new Commitment(new Hash32(reader.GetFieldValue<byte[]>(0))),
            new CycleSecret(reader.GetFieldValue<byte[]>(1)), opening, [],
            new ExportedAward(AwardId.Parse(reader.GetString(8)), reader.GetInt64(9), reader.GetInt64(10), closing.IncrementMicros), closing);
    }

    static async IAsyncEnumerable<ExportedBatch> BatchesAsync(
        NpgsqlConnection connection, JackpotEntry jackpot, CycleExport header, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken ct)
    {
        await using var command = new NpgsqlCommand("""
            SELECT b.config_version, b.first_sequence, b.count, b.root, b.head,
                   (SELECT p.head FROM batch p WHERE p.jackpot = b.jackpot AND p.first_sequence < b.first_sequence ORDER BY p.first_sequence DESC LIMIT 1),
                   array_agg(c.stake ORDER BY c.sequence), array_agg(c.contribution ORDER BY c.sequence),
                   array_agg(c.key16 ORDER BY c.sequence), array_agg(c.body16 ORDER BY c.sequence)
            FROM batch b
            JOIN contribution c ON c.jackpot = b.jackpot AND c.day = b.day AND c.sequence BETWEEN b.first_sequence AND b.first_sequence + b.count - 1
            WHERE b.jackpot = $1 AND b.first_sequence > $2 AND b.first_sequence <= $3
            GROUP BY b.jackpot, b.first_sequence
            ORDER BY b.first_sequence
            """, connection);
        command.Parameters.Add(new NpgsqlParameter<int> { TypedValue = jackpot.Number });
        command.Parameters.Add(new NpgsqlParameter<long> { TypedValue = header.Opening.OpenedAfterSequence });
        command.Parameters.Add(new NpgsqlParameter<long> { TypedValue = header.Award.Sequence });
        await using var reader = await command.ExecuteReaderAsync(ct);
        while (await reader.ReadAsync(ct))
        {
            yield return Batch(jackpot, reader);
        }
    }

    static ExportedBatch Batch(JackpotEntry jackpot, NpgsqlDataReader reader)
    {
        var first = reader.GetInt64(1);
        var headBefore = reader.IsDBNull(5) ? ChainHead.Genesis(jackpot.Config.Id) : new Hash32(reader.GetFieldValue<byte[]>(5));
        return new ExportedBatch(
            reader.GetInt32(0), first, reader.GetInt32(2), headBefore, new Hash32(reader.GetFieldValue<byte[]>(3)),
            new Hash32(reader.GetFieldValue<byte[]>(4)),
            Rows(first, reader.GetFieldValue<long[]>(6), reader.GetFieldValue<long[]>(7), reader.GetFieldValue<Guid[]>(8), reader.GetFieldValue<Guid[]>(9)));
    }

    static ImmutableArray<ExportedRow> Rows(long first, long[] stakes, long[] contributions, Guid[] keys, Guid[] bodies)
    {
        var rows = ImmutableArray.CreateBuilder<ExportedRow>(stakes.Length);
        for (var i = 0; i < stakes.Length; i++)
        {
            rows.Add(new ExportedRow(
                first + i, stakes[i], contributions[i], new Hash16(keys[i].ToByteArray(bigEndian: true)), new Hash16(bodies[i].ToByteArray(bigEndian: true))));
        }

        return rows.MoveToImmutable();
    }
}
