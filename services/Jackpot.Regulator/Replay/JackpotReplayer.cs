using Jackpot.Core.Amounts;
using Jackpot.Core.Awards;
using Jackpot.Core.Draws;
using Jackpot.Core.Pools;
using Jackpot.Core.Verification;
using Jackpot.Core.Voids;
using Jackpot.Ledger.Jackpots;
using Jackpot.Ledger.Storage;
using Jackpot.Regulator.Exports;
using Npgsql;

namespace Jackpot.Regulator.Replay;

/// <summary>Rebuilds a jackpot from its rows and compares everything that is stored beside them: hashes, amounts, awards, cycles, balances.</summary>
internal sealed class JackpotReplayer(NpgsqlDataSource database, JackpotReader jackpots, CycleVault vault)
{
    /// <summary>Replays the jackpot from its first contribution.</summary>
    /// <param name="jackpot">Which.</param>
    /// <param name="toSequence">Where to stop; at the last contribution there is when it lies beyond.</param>
    /// <param name="progress">Is told now and then how many contributions are done.</param>
    /// <param name="ct">Ends the replay.</param>
    public async Task<ReplayReport> RunAsync(JackpotEntry jackpot, long toSequence, Func<long, Task> progress, CancellationToken ct)
    {
        var history = await StoredHistory.ReadAsync(database, jackpots, vault, jackpot.Number, ct);
        var run = new ReplayRun(history, Math.Min(toSequence, history.Now.State.Sequence));
        await using var connection = await database.OpenConnectionAsync(ct);
        await using var voids = await database.OpenConnectionAsync(ct);
        await run.TakeStepsBeforeNextBatchAsync(voids, ct);
        while (run.GoesOn)
        {
            var before = run.Sequence;
            var batches = BatchReader.ReadAsync(connection, jackpot.Number, jackpot.Config.Id, before, Math.Min(before + BatchReader.RowsPerRead, run.To), ct);
            await foreach (var stored in batches)
            {
                run.Take(stored);
                await run.TakeStepsBeforeNextBatchAsync(voids, ct);
                if (!run.GoesOn)
                {
                    break;
                }
            }

            run.StopUnlessBeyond(before);
            LongRead.Progress();
            await progress(run.Sequence);
        }

        run.CompareWithNow();
        return run.Report();
    }
}

/// <summary>One replay in progress.</summary>
internal sealed class ReplayRun(StoredHistory history, long to)
{
    const int FindingsMax = 100;

    readonly JackpotReplay _replay = new(history.Genesis(), history.RulesVersionOf);
    readonly List<Finding> _stored = [];
    long _batches;
    long _drops;
    long _movements;
    long _voids;
    int _step;
    bool _rowsEnded;
    ReplayedPool[]? _within;

    /// <summary>The last contribution that is wanted.</summary>
    public long To => to;

    /// <summary>The last contribution that was replayed, to the end of its batch.</summary>
    public long Sequence => _replay.State.Sequence;

    public bool GoesOn => Agrees && !_rowsEnded && Sequence < to;

    bool Agrees => _replay.Agrees && _stored.Count == 0;

    public void Take(StoredBatch stored)
    {
        var batch = stored.Batch;
        if (!history.Terms.TryGetValue(batch.ConfigVersion, out var terms))
        {
            Mismatch(batch.FirstSequence, $"Configuration version {batch.ConfigVersion} is not stored.");
            return;
        }

        var before = _replay.State;
        var secrets = new CycleSecret[before.Pools.Length];
        for (var tier = 0; tier < secrets.Length; tier++)
        {
            secrets[tier] = history.Cycles[(tier, before.Pools[tier].Cycle)].Secret;
        }

        var replayed = _replay.Record(batch, new StepTerms(terms.Config, TermsAfter(batch, terms)), secrets);
        if (!_replay.Agrees)
        {
            return;
        }

        _batches++;
        CompareAmounts(batch, stored.AmountsMicros.AsSpan(), replayed.AmountsMicros.AsSpan());
        CompareDrops(replayed, before);
        if (to < Sequence)
        {
            RememberWithin(before, replayed.AmountsMicros.AsSpan((int)(to - batch.FirstSequence) * secrets.Length, secrets.Length));
        }
    }

    // Cycles that this batch's drops opened say under which terms. An external drop right after it can have opened another, but never under earlier terms.
    JackpotConfig TermsAfter(ExportedBatch batch, JackpotTerms inForce)
    {
        var last = batch.FirstSequence + batch.Rows.Length - 1;
        var opened = _replay.State.Pools
            .Select((pool, tier) => history.Cycles.GetValueOrDefault((tier, pool.Cycle + 1)))
            .Where(cycle => cycle is not null && cycle.OpenedAfterSequence == last).ToList();
        return opened.Count == 0 ? inForce.Config : history.Terms[opened.Min(cycle => cycle!.ConfigVersion)].Config;
    }

    /// <summary>Replays what happened between the last batch and the next one.</summary>
    public async Task TakeStepsBeforeNextBatchAsync(NpgsqlConnection connection, CancellationToken ct)
    {
        for (; _step < history.Steps.Count && history.Steps[_step].Sequence == Sequence && Sequence <= to && Agrees; _step++)
        {
            if (history.Steps[_step] is { FirstVoid: > 0 } voids)
            {
                Take(await VoidStepReader.ReadAsync(connection, history.Now.Number, voids.FirstVoid, ct), await VoidOrders.ReadAsync(connection, history, voids.FirstVoid, ct));
                LongRead.Progress();
            }
            else
            {
                Take(history.Steps[_step]);
            }
        }
    }

    void Take(ExportedVoidStep step, IReadOnlyList<VoidOrder>? orders)
    {
        if (orders is null || !history.Terms.TryGetValue(step.ConfigVersion, out var terms))
        {
            Mismatch(step.AfterSequence, $"The bets of voids {step.FirstNumber} on, or the terms of them, are not stored.");
            return;
        }

        _replay.Void(step, terms.Config, orders);
        _voids += step.Voids.Length;
    }

    void Take(StoredStep step)
    {
        var pool = history.Now.Config.Pools[step.Tier].Id;
        if (!step.IsExternalDrop)
        {
            _replay.Move(pool, step.Moved, step.SeedMicros);
            _movements++;
            return;
        }

        var before = _replay.State;
        var (ended, next) = (history.Cycles[(step.Tier, step.Cycle)], history.Cycles[(step.Tier, step.Cycle + 1)]);
        var award = history.Awards[(step.Tier, step.Cycle)];
        var terms = new StepTerms(history.Terms[award.ConfigVersion ?? next.ConfigVersion].Config, history.Terms[next.ConfigVersion].Config);
        CompareDrops(_replay.DropExternally(pool, terms, ended.Secret, next.OpenedAtMs), before);
    }

    void CompareAmounts(ExportedBatch batch, ReadOnlySpan<long> stored, ReadOnlySpan<long> replayed)
    {
        var same = stored.CommonPrefixLength(replayed);
        if (same != stored.Length || same != replayed.Length)
        {
            var sequence = batch.FirstSequence + same / _replay.State.Pools.Length;
            Mismatch(sequence, $"Amounts after contribution {sequence} are not those that its answer told.");
        }
    }

    void CompareDrops(ReplayedStep replayed, JackpotState before)
    {
        foreach (var drop in replayed.Drops)
        {
            _drops++;
            var tier = before.Pools.Select(pool => pool.Id).ToList().IndexOf(drop.Pool);
            var award = history.Awards.GetValueOrDefault((tier, drop.Cycle));
            if (award is null || award.AwardId != AwardId.Of(award.Epoch, drop.Pool, drop.Cycle).Value || award.AmountMicros != drop.AwardMicros || award.Sequence != drop.Sequence)
            {
                Mismatch(drop.Sequence, $"Pool {drop.Pool} pays {drop.AwardMicros} at {drop.Sequence}; stored are {award?.AmountMicros ?? 0} at {award?.Sequence ?? 0}.");
            }

            CompareOpening(tier);
        }
    }

    void CompareOpening(int tier)
    {
        var pool = _replay.State.Pools[tier];
        var opening = history.Cycles.GetValueOrDefault((tier, pool.Cycle))?.Opening;
        if (opening != Balances(pool))
        {
            Mismatch(Sequence, $"Cycle {pool.Cycle} of pool {pool.Id} opens with {Balances(pool)}; stored are {opening}.");
        }
    }

    /// <summary>After the last contribution: the balances, the sequence and the head are those in the tables, and every award was met.</summary>
    public void CompareWithNow()
    {
        var now = history.Now.State;
        if (!Agrees || to < now.Sequence)
        {
            return;
        }

        if (Sequence != now.Sequence || _replay.State.ChainHead != now.ChainHead)
        {
            Mismatch(Sequence, $"The rows end at {Sequence} with head {_replay.State.ChainHead}; stored are {now.Sequence} and {now.ChainHead}.");
        }

        foreach (var (pool, stored) in _replay.State.Pools.Zip(now.Pools))
        {
            if (pool.Cycle != stored.Cycle || Balances(pool) != Balances(stored) || pool.TicketsSold != stored.TicketsSold)
            {
                Mismatch(Sequence, $"Pool {pool.Id} holds {Balances(pool)} in cycle {pool.Cycle}; stored are {Balances(stored)} in cycle {stored.Cycle}.");
            }
        }

        if (_drops != history.Awards.Count || _step != history.Steps.Count)
        {
            Mismatch(Sequence, $"{_drops} awards and {_step} steps between batches were met; stored are {history.Awards.Count} and {history.Steps.Count}.");
        }
    }

    /// <summary>Rows that are missing would have it read for ever.</summary>
    public void StopUnlessBeyond(long sequence)
    {
        if (Sequence == sequence && Agrees)
        {
            _rowsEnded = true;
            Mismatch(sequence, $"No batch follows contribution {sequence}, but {to} were wanted.");
        }
    }

    public ReplayReport Report()
    {
        var findings = _replay.Findings.Concat(_stored).Take(FindingsMax)
            .Select(finding => new ReplayFinding(finding.Kind.ToString(), finding.Sequence, finding.Message)).ToList();
        var state = _replay.State;
        return new ReplayReport(
            state.Id.Value, Math.Min(Sequence, to), _batches, _drops, _movements, _voids, state.ChainHead.ToString(),
            _within ?? [.. state.Pools.Select(pool => Shown(pool, pool.AmountMicros))], findings.Count == 0, findings);
    }

    void RememberWithin(JackpotState before, ReadOnlySpan<long> amounts)
    {
        _within = new ReplayedPool[amounts.Length];
        for (var tier = 0; tier < amounts.Length; tier++)
        {
            _within[tier] = Shown(before.Pools[tier], amounts[tier]);
        }
    }

    ReplayedPool Shown(PoolState pool, long micros) => new(pool.Id.Value, pool.Cycle, new Money(micros, history.Now.Config.Currency));

    void Mismatch(long sequence, string message) => _stored.Add(new Finding(FindingKind.StoredMismatch, sequence, message));

    static (long, long, long, long) Balances(PoolState pool) => (pool.IncrementMicros, pool.SeedMicros, pool.ReserveMicros, pool.OverflowMicros);
}
