using Jackpot.Core.Contributions;
using Jackpot.Core.Pools;
using Jackpot.Core.Validation;

namespace Jackpot.Core.Verification;

/// <summary>Whether an export can be computed with at all. It comes from outside; what passes here cannot make the later checks overflow or throw.</summary>
static class ShapeCheck
{
    /// <summary>Far beyond any sequence, cycle or single stake, and far enough from the end of a 64-bit number to add to.</summary>
    const long NumberMax = JackpotRules.StakeMicrosMax;

    public static void Run(CycleExport export, Findings findings)
    {
        CheckIds(export, findings);
        foreach (var config in export.Configs)
        {
            CheckConfig(export, config, findings);
        }

        CheckPool(export.Opening, "opening", findings);
        CheckPool(export.Closing, "closing", findings);
        findings.Unless(!export.Batches.IsEmpty || export.Called is not null, FindingKind.NoBatches, null, "A dropped cycle has at least the contribution that dropped it, or a call.");
        CheckCall(export, findings);
        foreach (var batch in export.Batches)
        {
            CheckBatch(export, batch, findings);
        }

        foreach (var step in export.VoidSteps)
        {
            CheckVoidStep(step, findings);
        }

        // Sums are only made of numbers that were found to be in range.
        if (findings.None)
        {
            CheckAdjustments(export, findings);
        }

        if (findings.None)
        {
            CheckTotals(export, findings);
        }
    }

    static void CheckIds(CycleExport export, Findings findings)
    {
        findings.Unless(export.Cycle is >= 1 and <= NumberMax, FindingKind.IdsDisagree, null, $"Cycle {export.Cycle} cannot be: the first is 1.");
        findings.Unless(export.Opening.Id == export.Pool && export.Opening.Cycle == export.Cycle && export.Opening.Status == PoolStatus.Open,
            FindingKind.IdsDisagree, null, $"The opening is of pool {export.Opening.Id}, cycle {export.Opening.Cycle}, {export.Opening.Status}.");
        findings.Unless(export.Opening.RulesVersion is >= PoolRules.RulesVersionFirst and <= PoolRules.RulesVersion,
            FindingKind.IdsDisagree, null, $"The cycle was decided under rules {export.Opening.RulesVersion}; this program knows {PoolRules.RulesVersionFirst} to {PoolRules.RulesVersion}. Take a newer one.");
        findings.Unless(export.Configs.DistinctBy(config => config.Version).Count() == export.Configs.Length,
            FindingKind.IdsDisagree, null, "A configuration version is there more than once.");
        findings.Unless(export.Configs.DistinctBy(config => config.Currency).Count() <= 1,
            FindingKind.IdsDisagree, null, "A jackpot has one currency; the configurations name several.");
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
        // What a pool holds is a sum of stakes' parts and may be larger than any single stake.
        long[] sums = [pool.IncrementMicros, pool.SeedMicros, pool.ReserveMicros, pool.OverflowMicros];
        findings.Unless(
            pool.LastAwardMicros >= 0 && sums.All(sum => sum >= 0) && sums.Aggregate((Int128)0, (total, sum) => total + sum) <= long.MaxValue,
            FindingKind.AmountOutOfRange, null, $"The {which} pool holds less than nothing or more than a pool can hold.");
        long[] numbers = [pool.ThresholdAboveMicros, pool.OpenedAfterSequence, pool.TicketsSold];
        findings.Unless(numbers.All(InRange), FindingKind.AmountOutOfRange, null, $"A number of the {which} pool is outside 0 to {NumberMax}.");
    }

    static void CheckCall(CycleExport export, Findings findings)
    {
        if (export.Called is { } call)
        {
            findings.Unless(export.Configs.Any(config => config.Version == call.ConfigVersion), FindingKind.ConfigMissing, null, $"Configuration version {call.ConfigVersion} is not in the export.");
            findings.Unless(call.AfterSequence is >= 0 and <= NumberMax, FindingKind.SequenceGap, null, "The call stands outside of all sequences.");
        }
    }

    static void CheckBatch(CycleExport export, ExportedBatch batch, Findings findings)
    {
        var terms = export.Configs.FirstOrDefault(config => config.Version == batch.ConfigVersion)?.Pools.FirstOrDefault(pool => pool.Id == export.Pool);
        findings.Unless(terms is not null, FindingKind.ConfigMissing, batch.FirstSequence, $"Configuration version {batch.ConfigVersion} is not in the export.");
        findings.Unless(!batch.Rows.IsEmpty, FindingKind.NoBatches, batch.FirstSequence, "A batch has no rows.");
        findings.Unless(batch.FirstSequence is >= 1 and <= NumberMax, FindingKind.SequenceGap, batch.FirstSequence, "A batch begins outside of all sequences.");
        findings.Unless(InstantFits(terms?.Trigger, batch.DecidedAtUnixMs) && InstantFits(terms?.Trigger, export.Opening.OpenedAtUnixMs),
            FindingKind.AmountOutOfRange, batch.FirstSequence, "An instant lies outside of all schedules.");
        foreach (var row in batch.Rows)
        {
            findings.Unless(InRange(row.StakeMicros) && InRange(row.ContributionMicros) && row.Sequence is >= 1 and <= NumberMax,
                FindingKind.AmountOutOfRange, row.Sequence, "Stake, contribution or sequence is out of range.");
        }
    }

    static void CheckVoidStep(ExportedVoidStep step, Findings findings)
    {
        findings.Unless(!step.Voids.IsEmpty, FindingKind.NoBatches, step.AfterSequence, "A step of voids has no rows.");
        findings.Unless(InRange(step.AfterSequence) && step.FirstNumber is >= 1 and <= NumberMax, FindingKind.SequenceGap, step.AfterSequence, "A step of voids stands outside of all sequences.");
        foreach (var row in step.Voids)
        {
            findings.Unless(InRange(row.StakeMicros) && InRange(row.ContributionMicros) && row.Sequence is >= 1 and <= NumberMax && row.Number is >= 1 and <= NumberMax && Enum.IsDefined(row.Road),
                FindingKind.AmountOutOfRange, row.Sequence, "Stake, contribution, sequence, number or road of a void is out of range.");
        }
    }

    static void CheckAdjustments(CycleExport export, Findings findings)
    {
        foreach (var added in export.Adjustments)
        {
            findings.Unless(added.IncrementMicros >= 0 && added.ReserveMicros >= 0 && added.OverflowMicros >= 0, FindingKind.AmountOutOfRange, added.AfterSequence,
                "Something was taken out of the pool, or more was put in than it can hold.");
            findings.Unless(added.RedrawsThreshold || added.IncrementMicros == 0 || !export.Configs.SelectMany(config => config.Pools).Any(pool => pool.Id == export.Pool && pool.Trigger is MustDropByAmount),
                FindingKind.AmountOutOfRange, added.AfterSequence, "Money came into a must-drop pool, but its hidden amount was not drawn anew (R17).");
            findings.Unless(added.AfterSequence == export.Opening.OpenedAfterSequence || export.Batches.Any(batch => batch.FirstSequence - 1 == added.AfterSequence || batch.FirstSequence + batch.Rows.Length - 1 == added.AfterSequence), FindingKind.IdsDisagree, added.AfterSequence,
                "An adjustment stands within a batch or outside of the cycle.");
        }
    }

    // Computed from the stakes, for what the rows claim may be too little.
    static void CheckTotals(CycleExport export, Findings findings)
    {
        Int128 tickets = export.Opening.TicketsSold;
        Int128 total = (Int128)export.Opening.IncrementMicros + export.Opening.SeedMicros + export.Opening.ReserveMicros + export.Opening.OverflowMicros;
        foreach (var added in export.Adjustments)
        {
            total += (Int128)added.IncrementMicros + added.ReserveMicros + added.OverflowMicros;
        }

        foreach (var batch in export.Batches)
        {
            var config = export.Configs.Single(config => config.Version == batch.ConfigVersion);
            var ticketPrice = config.Pools.Single(pool => pool.Id == export.Pool).Trigger is RaffleTrigger raffle ? raffle.TicketPriceMicros : long.MaxValue;
            foreach (var row in batch.Rows)
            {
                total += ContributionRules.ContributionMicros(config, row.StakeMicros);
                tickets += row.StakeMicros / ticketPrice;
            }
        }

        findings.Unless(total <= long.MaxValue && tickets <= long.MaxValue, FindingKind.AmountOutOfRange, null, "The contributions together are more than a pool can hold.");
    }

    static bool InRange(long number) => number is >= 0 and <= NumberMax;

    // A window reaches at most a week back and forth; the calendar begins in 1970 and ends with the year 9999.
    static bool InstantFits(Trigger? trigger, long unixMs)
    {
        const long MonthMs = 31L * 24 * 3_600_000;
        const long CalendarEndMs = 253_402_300_800_000;
        return unixMs >= (trigger is MustDropByTime ? MonthMs : 0) && unixMs <= CalendarEndMs - MonthMs;
    }
}
