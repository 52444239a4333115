using Jackpot.Core.Ledger;
using Jackpot.Core.Pools;
using Jackpot.Core.Voids;

namespace Jackpot.Core.Verification;

/// <summary>What the voids of a cycle's time take out of its pool: every part recomputed from the bet that it takes back.</summary>
sealed class CycleVoids(CycleExport export, Findings findings)
{
    readonly Dictionary<long, long> _voidedStake = [];
    Dictionary<long, (ExportedRow Row, JackpotConfig Terms)>? _bets;

    /// <summary>The pool after a step of voids.</summary>
    public PoolState Take(ExportedVoidStep step, PoolConfig inForce, PoolState pool) =>
        step.Voids.Aggregate(pool, (before, row) => Take(row, step.AfterSequence, inForce, before));

    PoolState Take(in ExportedVoid row, long afterSequence, PoolConfig inForce, PoolState pool)
    {
        // Bets from before this cycle have nothing in it; their rows are in the exports of their own cycles.
        if (!VoidRules.StillPlays(pool, row.Sequence))
        {
            return pool;
        }

        var before = _voidedStake.GetValueOrDefault(row.Sequence);
        if (row.Sequence > afterSequence || !Bets.TryGetValue(row.Sequence, out var bet) || before + row.StakeMicros > bet.Row.StakeMicros)
        {
            findings.Add(FindingKind.VoidMismatch, row.Sequence, $"Void {row.Number} takes back what was not there.");
            return pool;
        }

        _voidedStake[row.Sequence] = before + row.StakeMicros;
        long contribution = 0;
        var own = default(StakeParts);
        for (var tier = 0; tier < bet.Terms.Pools.Length; tier++)
        {
            var parts = StakeParts.Of(bet.Terms, tier, bet.Row.StakeMicros).Share(bet.Row.StakeMicros, before, row.StakeMicros);
            contribution += parts.TotalMicros;
            own = bet.Terms.Pools[tier].Id == export.Pool ? parts : own;
        }

        findings.Equal(row.ContributionMicros, contribution, FindingKind.VoidMismatch, row.Sequence, $"Contribution of void {row.Number}");
        return row.Road == VoidRoad.Pools ? PoolVoid.Take(inForce, pool, own, Account.PlayerContributions, null).Pool : pool;
    }

    Dictionary<long, (ExportedRow Row, JackpotConfig Terms)> Bets => _bets ??= export.Batches
        .SelectMany(batch => batch.Rows, (batch, row) => (Row: row, Terms: export.Configs.Single(config => config.Version == batch.ConfigVersion)))
        .DistinctBy(bet => bet.Row.Sequence).ToDictionary(bet => bet.Row.Sequence);
}
