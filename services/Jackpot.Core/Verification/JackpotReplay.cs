using System.Collections.Immutable;
using Jackpot.Core.Contributions;
using Jackpot.Core.Draws;
using Jackpot.Core.Ids;
using Jackpot.Core.Ledger;
using Jackpot.Core.Pools;

namespace Jackpot.Core.Verification;

/// <summary>The rows of a whole jackpot with what decides them. For the platform itself: it holds secrets of cycles that still run.</summary>
/// <param name="Configs">Every version that a batch names, and the one in force after the last batch: the highest.</param>
/// <param name="Opening">The jackpot before the first batch.</param>
/// <param name="Batches">In chain order.</param>
/// <param name="Secrets">The secret of every cycle that the rows touch.</param>
public sealed record JackpotHistory(
    ImmutableArray<JackpotConfig> Configs,
    JackpotState Opening,
    ImmutableArray<ExportedBatch> Batches,
    IReadOnlyDictionary<(PoolId Pool, long Cycle), CycleSecret> Secrets)
{
    public JackpotConfig? Terms(int version) => Configs.FirstOrDefault(config => config.Version == version);

    /// <summary>The next cycle opens under the terms in force after the drop, which are those of the batch that follows it.</summary>
    internal IEnumerable<JackpotConfig?> TermsAfterEachBatch() =>
        Batches.Skip(1).Select(batch => Terms(batch.ConfigVersion)).Append(Configs.MaxBy(config => config.Version));
}

/// <summary>What the rules make of a history.</summary>
public sealed record ReplayOutcome(JackpotState State, ImmutableArray<Drop> Drops, ImmutableArray<LedgerEntry> Ledger, ImmutableArray<Finding> Findings);

/// <summary>Rebuilds a jackpot from its rows. The same rows give the same amounts, awards, entries and hashes, whenever it is done.</summary>
public sealed class JackpotReplay
{
    readonly JackpotHistory _history;
    readonly Findings _findings = new();
    readonly ImmutableArray<Drop>.Builder _drops = ImmutableArray.CreateBuilder<Drop>();
    readonly ImmutableArray<LedgerEntry>.Builder _ledger = ImmutableArray.CreateBuilder<LedgerEntry>();
    JackpotState _state;

    JackpotReplay(JackpotHistory history) => (_history, _state) = (history, history.Opening);

    /// <summary>Runs the whole history and stops at the first batch that cannot have happened.</summary>
    public static ReplayOutcome Run(JackpotHistory history)
    {
        var replay = new JackpotReplay(history);
        ChainCheck.Run(history.Opening.Id, history.Opening.Sequence, history.Batches, replay._findings);
        foreach (var (batch, termsAfter) in history.Batches.Zip(history.TermsAfterEachBatch()))
        {
            if (!replay._findings.None)
            {
                break;
            }

            replay.RunBatch(batch, termsAfter);
        }

        return new ReplayOutcome(replay._state, replay._drops.ToImmutable(), replay._ledger.ToImmutable(), replay._findings.ToImmutable());
    }

    void RunBatch(ExportedBatch batch, JackpotConfig? termsAfter)
    {
        if (_history.Terms(batch.ConfigVersion) is not { } terms || termsAfter is null)
        {
            _findings.Add(FindingKind.ConfigMissing, batch.FirstSequence, $"Configuration version {batch.ConfigVersion}, or the one after it, is not in the history.");
            return;
        }

        if (_state.Pools.Any(pool => !_history.Secrets.ContainsKey((pool.Id, pool.Cycle))))
        {
            _findings.Add(FindingKind.SecretMissing, batch.FirstSequence, "The secret of a cycle that runs at this batch is not in the history.");
            return;
        }

        _findings.Equal(batch.HeadBefore, _state.ChainHead, FindingKind.ChainBroken, batch.FirstSequence, "Head before the batch");
        var decision = Decide(terms, batch);
        _drops.AddRange(decision.Drops);
        _ledger.AddRange(decision.Ledger);
        var opening = JackpotRules.OpenNextCycles(termsAfter, decision.State with { ChainHead = batch.HeadAfter }, batch.DecidedAtUnixMs);
        _state = opening.State;
        _ledger.AddRange(opening.Ledger);
    }

    BatchDecision Decide(JackpotConfig config, ExportedBatch batch)
    {
        var stakes = batch.Rows.Select(row => new Stake(row.StakeMicros)).ToArray();
        var secrets = _state.Pools.Select(pool => _history.Secrets[(pool.Id, pool.Cycle)]).ToArray();
        var splits = new ContributionSplit[stakes.Length];
        var decision = JackpotRules.Record(config, _state, stakes, secrets, new long[stakes.Length * config.Pools.Length], splits, batch.DecidedAtUnixMs);
        _findings.Equal(batch.Rows.Length, decision.Consumed, FindingKind.BatchCutShort, batch.FirstSequence, "Contributions before the batch ends in a drop");
        for (var i = 0; i < decision.Consumed; i++)
        {
            var row = batch.Rows[i];
            _findings.Equal(row.ContributionMicros, splits[i].ContributionMicros, FindingKind.ContributionMismatch, row.Sequence, "Contribution");
        }

        return decision;
    }
}
