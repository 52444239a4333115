using Jackpot.Core.Awards;
using Jackpot.Core.Contributions;
using Jackpot.Core.Pools;

namespace Jackpot.Core.Verification;

/// <summary>Runs one pool through the rows of its cycle: every part, every draw, the drop and the award.</summary>
sealed class CycleRun(CycleExport export, Findings findings)
{
    PoolState _pool = export.Opening with { OpeningOverflowMicros = export.Opening.OverflowMicros };
    readonly CycleVoids _voids = new(export, findings);
    int _voidSteps;
    int _adjusted;
    Drop? _drop;

    public void Run()
    {
        var firstVersion = export.Batches.IsEmpty ? export.ExternalDrop!.ConfigVersion : export.Batches[0].ConfigVersion;
        if (!OpeningAgrees(export.Opening, ConfigOf(firstVersion)))
        {
            return;
        }

        foreach (var batch in export.Batches)
        {
            if (_drop is not null)
            {
                findings.Add(FindingKind.EarlierDrop, batch.FirstSequence, "The pool had already dropped before this batch.");
                break;
            }

            Between(batch.FirstSequence - 1);
            if (!CanStillDrop(batch))
            {
                return;
            }

            RunBatch(batch);
        }

        if (export.ExternalDrop is { } external)
        {
            DropExternally(external);
        }

        CheckAward();
    }

    // A cycle that began otherwise than agreed has no right result to compare with.
    bool OpeningAgrees(PoolState opening, JackpotConfig config)
    {
        var terms = TermsOf(config.Version);
        var owed = SeedRules.OwedMicros(terms, config.Currency, opening.LastAwardMicros);
        var seedAgrees = opening.SeedMicros >= owed && opening.SeedMicros - owed <= terms.SeedBoostMicros && config.Currency.IsWholeMinorUnits(opening.SeedMicros);
        var rangeAgrees = opening.ThresholdAboveMicros == opening.AmountMicros;
        var first = export.Batches.IsEmpty ? export.ExternalDrop!.AfterSequence + 1 : export.Batches[0].FirstSequence;
        var placeAgrees = opening.OpenedAfterSequence == first - 1;
        findings.Unless(seedAgrees, FindingKind.OpeningMismatch, null,
            $"The cycle started from {opening.SeedMicros}, agreed were {owed} and a boost of at most {terms.SeedBoostMicros}.");
        findings.Unless(rangeAgrees, FindingKind.OpeningMismatch, null,
            $"The hidden amount was drawn above {opening.ThresholdAboveMicros}, but the pool held {opening.AmountMicros}.");
        findings.Unless(placeAgrees, FindingKind.OpeningMismatch, null,
            $"The cycle opened after sequence {opening.OpenedAfterSequence}, but its first batch begins with {first}.");
        return seedAgrees && rangeAgrees && placeAgrees;
    }

    bool CanStillDrop(ExportedBatch batch)
    {
        var possible = TermsOf(batch.ConfigVersion).Trigger is not MustDropByAmount mustDrop || mustDrop.MaxMicros > _pool.ThresholdAboveMicros;
        findings.Unless(possible, FindingKind.OpeningMismatch, batch.FirstSequence, "The hidden amount would lie above the maximum.");
        return possible;
    }

    // What stands between two batches, in the order in which it happened.
    void Between(long afterSequence)
    {
        for (; _voidSteps < export.VoidSteps.Length && export.VoidSteps[_voidSteps].AfterSequence <= afterSequence; _voidSteps++)
        {
            var step = export.VoidSteps[_voidSteps];
            Adjust(afterSequence, step.FirstNumber - 1);
            _pool = _voids.Take(step, TermsOf(step.ConfigVersion), _pool);
        }

        Adjust(afterSequence, long.MaxValue);
    }

    void Adjust(long afterSequence, long throughVoid)
    {
        for (; _adjusted < export.Adjustments.Length && export.Adjustments[_adjusted] is var added && added.AfterSequence <= afterSequence && added.AfterVoid <= throughVoid; _adjusted++)
        {
            _pool = _pool with
            {
                IncrementMicros = _pool.IncrementMicros + added.IncrementMicros,
                ReserveMicros = _pool.ReserveMicros + added.ReserveMicros,
                OverflowMicros = _pool.OverflowMicros + added.OverflowMicros,
                ThresholdAboveMicros = added.RedrawsThreshold ? _pool.AmountMicros + added.IncrementMicros : _pool.ThresholdAboveMicros,
            };
        }
    }

    void RunBatch(ExportedBatch batch)
    {
        var config = ConfigOf(batch.ConfigVersion);
        var terms = TermsOf(batch.ConfigVersion);
        var accumulator = new PoolAccumulator(terms, _pool, TriggerEvaluator.For(terms, _pool, export.Secret, new BatchMoment(export.Jackpot, batch.HeadBefore, batch.DecidedAtUnixMs)));
        foreach (var row in batch.Rows)
        {
            findings.Unless(accumulator.Evidence is null, FindingKind.EarlierDrop, row.Sequence, "The pool had already dropped before this contribution.");
            RunRow(config, accumulator, row);
        }

        var settlement = new BatchSettlement(config, batch.Rows[^1].Sequence);
        _pool = settlement.Settle(accumulator);
        _drop = settlement.Drops.SingleOrDefault();
    }

    // An external drop stands right after the last batch, under that batch's head.
    void DropExternally(ExternalDrop external)
    {
        if (_drop is not null)
        {
            findings.Add(FindingKind.EarlierDrop, external.AfterSequence, "The pool had already dropped when an external trigger dropped it.");
            return;
        }

        if (!export.Batches.IsEmpty)
        {
            var last = export.Batches[^1];
            findings.Equal(external.AfterSequence, last.FirstSequence + last.Rows.Length - 1, FindingKind.SequenceGap, external.AfterSequence, "Sequence of the external drop");
            var head = export.VoidSteps.LastOrDefault(step => step.AfterSequence == external.AfterSequence)?.HeadAfter ?? last.HeadAfter;
            findings.Equal(external.Head, head, FindingKind.ChainBroken, external.AfterSequence, "Head at the external drop");
        }

        Between(external.AfterSequence);
        var config = ConfigOf(external.ConfigVersion);
        var trigger = TermsOf(external.ConfigVersion).Trigger;
        var callable = trigger is ExternalTrigger || (trigger is RaffleTrigger && _pool.TicketsSold > 0);
        if (callable && _pool.AmountMicros >= config.Currency.MinorUnitMicros)
        {
            var settlement = new BatchSettlement(config, external.AfterSequence);
            _pool = settlement.Award(_pool, ExternalDropRules.Evidence(trigger, _pool, export.Secret, external.Head));
            _drop = settlement.Drops.Single();
        }
    }

    void RunRow(JackpotConfig config, PoolAccumulator accumulator, ExportedRow row)
    {
        findings.Equal(row.ContributionMicros, config.TotalRate.FloorOf(row.StakeMicros), FindingKind.ContributionMismatch, row.Sequence, "Contribution");
        accumulator.Add(row.StakeMicros);
        accumulator.SellTickets(config.MayWin(row.Funding) ? row.StakeMicros : 0);
        if (config.Pools[0].Id == export.Pool)
        {
            accumulator.AddToReserve(ContributionRules.RoundingMicros(config, row.StakeMicros));
        }

        if (config.MayWin(row.Funding) && accumulator.Evidence is null && accumulator.Drops(row.StakeMicros, row.Sequence) && WonElsewhere(config, accumulator, row))
        {
            accumulator.Withhold();
        }
    }

    // A tier goes on although it fired only when the same bet has won as many tiers as it may, each at least as high.
    bool WonElsewhere(JackpotConfig config, PoolAccumulator accumulator, ExportedRow row)
    {
        var others = config.Pools.Select(pool => pool.Id).Where(pool => pool != export.Pool);
        var higher = export.AwardsInstead.Where(award => award.Sequence == row.Sequence && award.AmountMicros > accumulator.AmountMicros - config.Currency.MinorUnitMicros);
        return higher.Select(award => award.Pool).Intersect(others).Count() >= config.TiersPerBetMax;
    }

    void CheckAward()
    {
        var award = export.Award;
        findings.Equal(award.Id, AwardId.Of(award.Epoch, export.Pool, export.Cycle), FindingKind.AwardIdMismatch, null, "Award id");
        if (_drop is null)
        {
            findings.Add(FindingKind.NoDrop, award.Sequence, "No contribution of the cycle drops the pool.");
            return;
        }

        findings.Equal(award.Sequence, _drop.Sequence, FindingKind.AwardSequenceMismatch, award.Sequence, "Sequence of the award");
        findings.Equal(award.AmountMicros, _drop.AwardMicros, FindingKind.AwardAmountMismatch, award.Sequence, "Amount of the award");
        findings.Equal(award.RemainderMicros, _drop.RemainderMicros, FindingKind.AwardAmountMismatch, award.Sequence, "Remainder of the award");
        var tickets = _drop.Evidence is TicketsDrawn drawn ? drawn.WinningTickets : [];
        findings.Unless(award.WinningTickets.SequenceEqual(tickets), FindingKind.TicketsMismatch, award.Sequence, $"Tickets {string.Join(", ", tickets)} win.");
        findings.Equal(Balances(export.Closing), Balances(_pool), FindingKind.ClosingMismatch, award.Sequence, "Increment, seed, reserve and overflow after the drop");
    }

    static (long, long, long, long) Balances(PoolState pool) => (pool.IncrementMicros, pool.SeedMicros, pool.ReserveMicros, pool.OverflowMicros);

    JackpotConfig ConfigOf(int version) => export.Configs.Single(config => config.Version == version);

    PoolConfig TermsOf(int version) => ConfigOf(version).Pools.Single(pool => pool.Id == export.Pool);
}
