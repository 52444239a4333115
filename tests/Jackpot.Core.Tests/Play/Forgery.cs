using Jackpot.Core.Chain;
using Jackpot.Core.Ids;
using Jackpot.Core.Verification;

namespace Jackpot.Core.Tests.Play;

/// <summary>What a forger can do who may write every byte of an export, except what was published before.</summary>
static class Forgery
{
    public static ExportedBatch Rehashed(JackpotId jackpot, ExportedBatch batch)
    {
        var leaves = batch.Rows.Select(row => ContributionLeaf.Hash(jackpot, row.Sequence, row.StakeMicros, row.ContributionMicros, row.Key, row.Body)).ToArray();
        var root = MerkleTree.Root(leaves);
        return batch with { Root = root, HeadAfter = ChainHead.Advance(batch.HeadBefore, root, batch.FirstSequence, batch.Rows.Length, batch.DecidedAtUnixMs) };
    }

    public static CycleExport WithBatch(this CycleExport export, int index, Func<ExportedBatch, ExportedBatch> change) =>
        export with { Batches = export.Batches.SetItem(index, change(export.Batches[index])) };

    public static ExportedBatch WithRow(this ExportedBatch batch, int index, Func<ExportedRow, ExportedRow> change) =>
        batch with { Rows = batch.Rows.SetItem(index, change(batch.Rows[index])) };
}
