using System.Collections.Immutable;
using Jackpot.Core.Chain;
using Jackpot.Core.Ids;

namespace Jackpot.Core.Verification;

/// <summary>Recomputes leaves, roots and heads: the rows are exactly those that the chain was built from, in their order, none missing.</summary>
static class ChainCheck
{
    public static void Run(JackpotId jackpot, long afterSequence, ImmutableArray<ExportedBatch> batches, Findings findings)
    {
        var next = afterSequence + 1;
        Hash32? head = null;
        foreach (var batch in batches)
        {
            findings.Equal(batch.FirstSequence, next, FindingKind.SequenceGap, batch.FirstSequence, "First sequence of the batch");
            findings.Equal(batch.Count, batch.Rows.Length, FindingKind.CountMismatch, batch.FirstSequence, "Rows of the batch");
            findings.Equal(batch.HeadBefore, head ?? batch.HeadBefore, FindingKind.ChainBroken, batch.FirstSequence, "Head before the batch");
            CheckHashes(jackpot, batch, findings);
            head = batch.HeadAfter;
            next += batch.Rows.Length;
        }
    }

    static void CheckHashes(JackpotId jackpot, ExportedBatch batch, Findings findings)
    {
        var leaves = new Hash32[batch.Rows.Length];
        for (var i = 0; i < leaves.Length; i++)
        {
            var row = batch.Rows[i];
            findings.Equal(row.Sequence, batch.FirstSequence + i, FindingKind.SequenceGap, row.Sequence, "Sequence of the row");
            leaves[i] = ContributionLeaf.Hash(jackpot, row.Sequence, row.StakeMicros, row.ContributionMicros, row.Key, row.Body);
        }

        var root = MerkleTree.Root(leaves);
        findings.Equal(batch.Root, root, FindingKind.RootMismatch, batch.FirstSequence, "Merkle root");
        var after = ChainHead.Advance(batch.HeadBefore, root, batch.FirstSequence, batch.Rows.Length, batch.DecidedAtUnixMs);
        findings.Equal(batch.HeadAfter, after, FindingKind.HeadMismatch, batch.FirstSequence, "Head after the batch");
    }
}
