using Jackpot.Core.Contributions;
using Jackpot.Core.Pools;

namespace Jackpot.Core.Verification;

/// <summary>Whether an export can be computed with at all. What fails here would make the later checks throw.</summary>
static class ShapeCheck
{
    public static void Run(CycleExport export, Findings findings)
    {
        CheckIds(export, findings);
        foreach (var config in export.Configs)
        {
            CheckConfig(export, config, findings);
        }

        findings.Unless(!export.Batches.IsEmpty, FindingKind.NoBatches, null, "A dropped cycle has at least the contribution that dropped it.");
        CheckPool(export.Opening, "opening", findings);
        CheckPool(export.Closing, "closing", findings);
        Int128 total = export.Opening.ReserveMicros + CheckAdjustments(export, findings);
        foreach (var batch in export.Batches)
        {
            total += CheckBatch(export, batch, findings);
        }

        findings.Unless(total + export.Opening.AmountMicros + export.Opening.OverflowMicros <= long.MaxValue, FindingKind.AmountOutOfRange, null,
            "The contributions together are more than a pool can hold.");
    }

    static void CheckIds(CycleExport export, Findings findings)
    {
        findings.Unless(export.Cycle >= 1, FindingKind.IdsDisagree, null, $"Cycle {export.Cycle} cannot be: the first is 1.");
        findings.Unless(export.Opening.Id == export.Pool && export.Opening.Cycle == export.Cycle && export.Opening.Status == PoolStatus.Open,
            FindingKind.IdsDisagree, null, $"The opening is of pool {export.Opening.Id}, cycle {export.Opening.Cycle}, {export.Opening.Status}.");
        findings.Unless(export.Configs.Select(config => config.Version).Distinct().Count() == export.Configs.Length,
            FindingKind.IdsDisagree, null, "A configuration version is there more than once.");
    }

    static void CheckConfig(CycleExport export, JackpotConfig config, Findings findings)
    {
        foreach (var fault in JackpotConfigValidator.Validate(config))
        {
            findings.Add(FindingKind.ConfigInvalid, null, $"Configuration version {config.Version}: {fault.Message}");
        }

        findings.Unless(config.Id == export.Jackpot && config.Pools.Any(pool => pool.Id == export.Pool),
            FindingKind.IdsDisagree, null, $"Configuration version {config.Version} does not describe pool {export.Pool} of jackpot {export.Jackpot}.");
    }

    static void CheckPool(PoolState pool, string which, Findings findings)
    {
        long[] balances = [pool.IncrementMicros, pool.SeedMicros, pool.ReserveMicros, pool.OverflowMicros, pool.ThresholdAboveMicros, pool.LastAwardMicros, pool.OpenedAtUnixMs, pool.TicketsSold];
        findings.Unless(balances.All(micros => micros is >= 0 and <= JackpotRules.StakeMicrosMax), FindingKind.AmountOutOfRange, null,
            $"A balance of the {which} pool is outside 0 to {JackpotRules.StakeMicrosMax} micro-units.");
    }

    static Int128 CheckAdjustments(CycleExport export, Findings findings)
    {
        Int128 total = 0;
        foreach (var added in export.Adjustments)
        {
            long[] amounts = [added.IncrementMicros, added.ReserveMicros, added.OverflowMicros];
            findings.Unless(amounts.All(micros => micros is >= 0 and <= JackpotRules.StakeMicrosMax), FindingKind.AmountOutOfRange, added.AfterSequence,
                "Something was taken out of the pool, or more was put in than it can hold.");
            findings.Unless(export.Batches.Any(batch => batch.FirstSequence == added.AfterSequence + 1), FindingKind.IdsDisagree, added.AfterSequence,
                "An adjustment does not stand between two batches.");
            total += amounts.Aggregate((Int128)0, (sum, micros) => sum + micros);
        }

        return total;
    }

    static Int128 CheckBatch(CycleExport export, ExportedBatch batch, Findings findings)
    {
        findings.Unless(export.Configs.Any(config => config.Version == batch.ConfigVersion), FindingKind.ConfigMissing, batch.FirstSequence,
            $"Configuration version {batch.ConfigVersion} is not in the export.");
        findings.Unless(batch.FirstSequence >= 1 && !batch.Rows.IsEmpty, FindingKind.NoBatches, batch.FirstSequence, "A batch has no rows.");
        Int128 total = 0;
        foreach (var row in batch.Rows)
        {
            var inRange = row.StakeMicros is >= 0 and <= JackpotRules.StakeMicrosMax && row.ContributionMicros is >= 0 and <= JackpotRules.StakeMicrosMax;
            findings.Unless(inRange && row.Sequence >= 1, FindingKind.AmountOutOfRange, row.Sequence, "Stake, contribution or sequence is out of range.");
            total += row.ContributionMicros;
        }

        return total;
    }
}
