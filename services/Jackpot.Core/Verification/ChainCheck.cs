using System.Collections.Immutable;
using Jackpot.Core.Chain;
using Jackpot.Core.Ids;

namespace Jackpot.Core.Verification;

/// <summary>Recomputes leaves, roots and heads: the rows are exactly those that the chain was built from, in their order, none missing.</summary>
static class ChainCheck
{
    public static void Run(JackpotId jackpot, long afterSequence, ImmutableArray<ExportedBatch> batches, ImmutableArray<ExportedVoidStep> voidSteps, Findings findings)
    {
        Hash32? head = null;
        long? number = null;
        var next = 0;
        foreach (var batch in batches)
        {
            CheckVoids();
            CheckBatch(jackpot, afterSequence, head ?? batch.HeadBefore, batch, findings);
            head = batch.HeadAfter;
            afterSequence += batch.Rows.Length;
        }

        CheckVoids();
        findings.Unless(next == voidSteps.Length, FindingKind.SequenceGap, afterSequence, "A step of voids stands out of its place in the chain.");

        void CheckVoids()
        {
            for (; next < voidSteps.Length && voidSteps[next].AfterSequence == afterSequence; next++)
            {
                var step = voidSteps[next];
                CheckVoidStep(jackpot, afterSequence, number ?? step.FirstNumber - 1, head ?? step.HeadBefore, step, findings);
                head = step.HeadAfter;
                number = step.FirstNumber + step.Voids.Length - 1;
            }
        }
    }

    /// <summary>One link of voids: it follows the sequence, number and head before it, and its hashes follow from its rows.</summary>
    public static void CheckVoidStep(JackpotId jackpot, long afterSequence, long afterNumber, in Hash32 head, ExportedVoidStep step, Findings findings)
    {
        findings.Equal(step.AfterSequence, afterSequence, FindingKind.SequenceGap, step.AfterSequence, "Sequence of the voids");
        findings.Equal(step.FirstNumber, afterNumber + 1, FindingKind.SequenceGap, step.AfterSequence, "Number of the first void");
        findings.Equal(step.HeadBefore, head, FindingKind.ChainBroken, step.AfterSequence, "Head before the voids");
        var leaves = new Hash32[step.Voids.Length];
        for (var i = 0; i < leaves.Length; i++)
        {
            var row = step.Voids[i];
            findings.Equal(row.Number, step.FirstNumber + i, FindingKind.SequenceGap, row.Sequence, "Number of the void");
            leaves[i] = VoidLeaf.Hash(jackpot, row.Number, row.Sequence, row.StakeMicros, row.ContributionMicros, (byte)row.Road, row.Key, row.Body);
        }

        var root = MerkleTree.Root(leaves);
        findings.Equal(step.Root, root, FindingKind.RootMismatch, step.AfterSequence, "Merkle root of the voids");
        var after = ChainHead.AdvanceByVoids(step.HeadBefore, root, step.AfterSequence, step.FirstNumber, leaves.Length);
        findings.Equal(step.HeadAfter, after, FindingKind.HeadMismatch, step.AfterSequence, "Head after the voids");
    }

    /// <summary>One link: it follows the sequence and head before it, and its hashes follow from its rows.</summary>
    public static void CheckBatch(JackpotId jackpot, long afterSequence, in Hash32 head, ExportedBatch batch, Findings findings)
    {
        findings.Equal(batch.FirstSequence, afterSequence + 1, FindingKind.SequenceGap, batch.FirstSequence, "First sequence of the batch");
        findings.Equal(batch.Count, batch.Rows.Length, FindingKind.CountMismatch, batch.FirstSequence, "Rows of the batch");
        findings.Equal(batch.HeadBefore, head, FindingKind.ChainBroken, batch.FirstSequence, "Head before the batch");
        CheckHashes(jackpot, batch, findings);
    }

    static void CheckHashes(JackpotId jackpot, ExportedBatch batch, Findings findings)
    {
        var leaves = new Hash32[batch.Rows.Length];
        for (var i = 0; i < leaves.Length; i++)
        {
            var row = batch.Rows[i];
            findings.Equal(row.Sequence, batch.FirstSequence + i, FindingKind.SequenceGap, row.Sequence, "Sequence of the row");
            leaves[i] = ContributionLeaf.Hash(jackpot, row.Sequence, row.StakeMicros, row.ContributionMicros, row.Key, row.Body, (byte)row.Funding);
        }

        var root = MerkleTree.Root(leaves);
        findings.Equal(batch.Root, root, FindingKind.RootMismatch, batch.FirstSequence, "Merkle root");
        var after = ChainHead.Advance(batch.HeadBefore, root, batch.FirstSequence, batch.Rows.Length, batch.DecidedAtUnixMs);
        findings.Equal(batch.HeadAfter, after, FindingKind.HeadMismatch, batch.FirstSequence, "Head after the batch");
    }
}
