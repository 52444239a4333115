using Jackpot.Core.Chain;
using Jackpot.Core.Ids;
using Jackpot.Core.Verification;

namespace Jackpot.Core.Tests.Play;

/// <summary>What a forger can do who may write every byte of an export, except what was published before.</summary>
static class Forgery
{
    public static ExportedBatch Rehashed(JackpotId jackpot, ExportedBatch batch)
    {
        var leaves = batch.Rows.Select(row => ContributionLeaf.Hash(jackpot, row.Sequence, row.StakeMicros, row.ContributionMicros, row.Key, row.Body, (byte)row.Funding)).ToArray();
        var root = MerkleTree.Root(leaves);
        return batch with { Root = root, HeadAfter = ChainHead.Advance(batch.HeadBefore, root, batch.FirstSequence, batch.Rows.Length, batch.DecidedAtUnixMs) };
    }

    public static ExportedVoidStep Rehashed(JackpotId jackpot, ExportedVoidStep step)
    {
        var leaves = step.Voids.Select(row => VoidLeaf.Hash(jackpot, row.Number, row.Sequence, row.StakeMicros, row.ContributionMicros, (byte)row.Road, row.Key, row.Body)).ToArray();
        var root = MerkleTree.Root(leaves);
        return step with { Root = root, HeadAfter = ChainHead.AdvanceByVoids(step.HeadBefore, root, step.AfterSequence, step.FirstNumber, step.Voids.Length) };
    }

    public static CycleExport WithBatch(this CycleExport export, int index, Func<ExportedBatch, ExportedBatch> change) =>
        export with { Batches = export.Batches.SetItem(index, change(export.Batches[index])) };

    public static CycleExport WithVoids(this CycleExport export, int index, Func<ExportedVoidStep, ExportedVoidStep> change) =>
        export with { VoidSteps = export.VoidSteps.SetItem(index, change(export.VoidSteps[index])) };

    public static ExportedVoidStep WithRow(this ExportedVoidStep step, int index, Func<ExportedVoid, ExportedVoid> change) =>
        step with { Voids = step.Voids.SetItem(index, change(step.Voids[index])) };

    public static ExportedBatch WithRow(this ExportedBatch batch, int index, Func<ExportedRow, ExportedRow> change) =>
        batch with { Rows = batch.Rows.SetItem(index, change(batch.Rows[index])) };
}
