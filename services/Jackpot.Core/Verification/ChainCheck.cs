using System.Collections.Immutable;
using Jackpot.Core.Chain;
using Jackpot.Core.Ids;

namespace Jackpot.Core.Verification;

/// <summary>Recomputes leaves, roots and heads: the rows are exactly those that the chain was built from, in their order, none missing.</summary>
static class ChainCheck
{
    public static void Run(JackpotId jackpot, long afterSequence, ImmutableArray<ExportedBatch> batches, Findings findings)
    {
        Hash32? head = null;
        foreach (var batch in batches)
        {
            CheckBatch(jackpot, afterSequence, head ?? batch.HeadBefore, batch, findings);
            head = batch.HeadAfter;
            afterSequence += batch.Rows.Length;
        }
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
            leaves[i] = ContributionLeaf.Hash(jackpot, row.Sequence, row.StakeMicros, row.ContributionMicros, row.Key, row.Body);
        }

        var root = MerkleTree.Root(leaves);
        findings.Equal(batch.Root, root, FindingKind.RootMismatch, batch.FirstSequence, "Merkle root");
        var after = ChainHead.Advance(batch.HeadBefore, root, batch.FirstSequence, batch.Rows.Length, batch.DecidedAtUnixMs);
        findings.Equal(batch.HeadAfter, after, FindingKind.HeadMismatch, batch.FirstSequence, "Head after the batch");
    }
}
