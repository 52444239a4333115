using System.Collections.Immutable;
using Jackpot.Core.Draws;

namespace Jackpot.Core.Verification;

/// <summary>Recomputes a dropped cycle from its export alone: secret, rows, chain, every draw, the award and the balances.</summary>
public static class CycleVerifier
{
    /// <summary>Everything that does not agree, at most the first hundred; empty when the export is what an honest platform would have written.</summary>
    public static ImmutableArray<Finding> Verify(CycleExport export)
    {
        var findings = new Findings();
        ShapeCheck.Run(export, findings);
        if (!findings.None)
        {
            return findings.ToImmutable();
        }

        findings.Equal(export.Commitment, Commitment.Of(export.Secret), FindingKind.CommitmentMismatch, null, "Commitment of the secret");
        ChainCheck.Run(export.Jackpot, export.Opening.OpenedAfterSequence, export.Batches, export.VoidSteps, findings);
        new CycleRun(export, findings).Run();
        return findings.ToImmutable();
    }
}
