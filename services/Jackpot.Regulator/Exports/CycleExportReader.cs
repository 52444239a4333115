using Jackpot.Contracts.Exports;
using Jackpot.Core.Ids;
using Jackpot.Ledger.Archive;
using Jackpot.Ledger.Jackpots;
using Jackpot.Ledger.Storage;
using Npgsql;

namespace Jackpot.Regulator.Exports;

/// <summary>Writes a dropped cycle as <see cref="CycleExportFile"/>, batch by batch, from one snapshot of the tables.</summary>
internal sealed class CycleExportReader(NpgsqlDataSource database, ArchivedRows archive)
{
    /// <summary>False when the cycle does not exist or has not dropped; then, and when it throws <see cref="ArchivedRowsException"/>, nothing was written.</summary>
    public async Task<bool> WriteAsync(JackpotEntry jackpot, PoolId pool, long cycle, Stream output, CancellationToken ct)
    {
        await using var connection = await database.OpenConnectionAsync(ct);
        await using var snapshot = await connection.BeginTransactionAsync(System.Data.IsolationLevel.RepeatableRead, ct);
        await ArchivedRows.HoldAsync(connection, ct);
        if (await CycleHeaderReader.ReadAsync(connection, jackpot, pool, cycle, ct) is not { } header)
        {
            return false;
        }

        await archive.RequireAsync(connection, jackpot.Number, header.Export.Opening.OpenedAfterSequence, header.Export.Award.Sequence, ct);
        // Nothing is written before the first batch was read, so that a read which takes too long can still be answered with a problem.
        await using var batches = BatchReader.ReadInPagesAsync(
            connection, jackpot.Number, jackpot.Config.Id, header.Export.Opening.OpenedAfterSequence, header.Export.Award.Sequence, ct).GetAsyncEnumerator(ct);
        var more = await batches.MoveNextAsync();
        CycleExportFile.WriteHeader(output, header.Export, header.Definitions, header.VoidSteps is null ? VoidLines.None : VoidLines.Follow);
        for (; more; more = await batches.MoveNextAsync())
        {
            CycleExportFile.WriteBatch(output, batches.Current.Batch);
            await output.FlushAsync(ct);
        }

        await batches.DisposeAsync();
        for (var next = header.VoidSteps?.First; next <= header.VoidSteps?.Last; LongRead.Progress())
        {
            var step = await VoidStepReader.ReadAsync(connection, jackpot.Number, next.Value, ct);
            CycleExportFile.WriteVoids(output, step);
            await output.FlushAsync(ct);
            next += step.Voids.Length;
        }

        return true;
    }
}
