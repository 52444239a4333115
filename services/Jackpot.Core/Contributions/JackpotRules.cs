using System.Collections.Immutable;
using Jackpot.Core.Draws;
using Jackpot.Core.Ledger;
using Jackpot.Core.Pools;
using Jackpot.Core.Validation;

namespace Jackpot.Core.Contributions;

/// <summary>A jackpot whose cycles have just been opened, with the movements that seeded them.</summary>
public sealed record JackpotOpening(JackpotState State, ImmutableArray<LedgerEntry> Ledger);

/// <summary>The decisions of a jackpot: how it starts, what stakes do to it, how it goes on after a drop.</summary>
public static class JackpotRules
{
    /// <summary>The largest stake that is taken, in micro-units of the home currency.</summary>
    public const long StakeMicrosMax = Amounts.AmountText.MicrosMax;

    /// <summary>A new jackpot: every pool in its first cycle, seeded by the house.</summary>
    /// <exception cref="ArgumentException">The configuration has faults.</exception>
    public static JackpotOpening Start(JackpotConfig config, long atUnixMs = 0)
    {
        var faults = JackpotConfigValidator.Validate(config);
        if (!faults.IsEmpty)
        {
            throw new ArgumentException($"Jackpot {config.Id} cannot start: {faults[0].Message}", nameof(config));
        }

        var openings = config.Pools.Select(pool => PoolRules.Start(pool, config.Currency, atUnixMs)).ToImmutableArray();
        var state = new JackpotState(config.Id, JackpotStatus.Active, 1, 0, Chain.ChainHead.Genesis(config.Id), [.. openings.Select(opening => opening.State)]);
        return new JackpotOpening(state, [.. openings.SelectMany(opening => opening.Ledger)]);
    }

    /// <summary>Decides over stakes in their order and stops after the first one that drops a pool.</summary>
    /// <remarks>
    /// The stop is what keeps the draws honest: the caller commits, publishes the next cycle's commitment, and only then asks again with the rest.
    /// All draws of one call use the chain head before the batch, which no stake of the batch can influence.
    /// </remarks>
    /// <param name="config">The terms in force, pools in the order of the state's.</param>
    /// <param name="state">The jackpot as it was last committed, every pool open.</param>
    /// <param name="stakes">The new stakes; their sequences follow the state's.</param>
    /// <param name="secrets">One per pool, of its current cycle, in tier order.</param>
    /// <param name="amountsAfter">Receives, per consumed stake, what each tier shows after it and before any drop is paid; stakes x pools long.</param>
    /// <param name="splits">Receives where each consumed stake's contribution went; as long as the stakes.</param>
    /// <param name="decidedAtUnixMs">When the batch is decided, in milliseconds since 1970 UTC; jackpots with a timed pool need it, and it is part of their chain.</param>
    /// <exception cref="ArgumentException">Lengths or pools do not fit together, or a stake is out of range.</exception>
    /// <exception cref="InvalidOperationException">The jackpot or one of its pools is not open.</exception>
    /// <exception cref="OverflowException">A balance would not fit; nothing may be committed.</exception>
    public static BatchDecision Record(
        JackpotConfig config,
        JackpotState state,
        ReadOnlySpan<Stake> stakes,
        ReadOnlySpan<CycleSecret> secrets,
        Span<long> amountsAfter,
        Span<ContributionSplit> splits,
        long decidedAtUnixMs = 0) =>
        Record(config, state, stakes, secrets, amountsAfter, splits, new BatchMoment(config.Id, state.ChainHead, decidedAtUnixMs));

    internal static BatchDecision Record(
        JackpotConfig config,
        JackpotState state,
        ReadOnlySpan<Stake> stakes,
        ReadOnlySpan<CycleSecret> secrets,
        Span<long> amountsAfter,
        Span<ContributionSplit> splits,
        in BatchMoment moment)
    {
        BatchGuard.Check(config, state, stakes, secrets.Length, amountsAfter.Length, splits.Length);
        BatchGuard.CheckInstant(config, moment.DecidedAtUnixMs);
        if (stakes.IsEmpty)
        {
            return new BatchDecision(0, state, [], []);
        }

        var pools = config.Pools.Length;
        var accumulator = new JackpotAccumulator(config, state, secrets, moment);
        var consumed = 0;
        for (var dropped = false; consumed < stakes.Length && !dropped; consumed++)
        {
            var stake = stakes[consumed];
            splits[consumed] = accumulator.Add(stake);
            accumulator.CopyAmountsTo(amountsAfter.Slice(consumed * pools, pools));
            dropped = config.MayWin(stake.Funding) && accumulator.AnyDrops(stake.StakeMicros, state.Sequence + 1 + consumed);
        }

        return Settle(config, state, accumulator, consumed);
    }

    /// <summary>Opens the next cycle of every pool that has dropped; the others stay as they are.</summary>
    /// <param name="config">The terms that hold from now on: changes that wait for the next cycle take effect here.</param>
    /// <param name="state">The jackpot after the drop.</param>
    /// <param name="atUnixMs">When that is; only timed pools ask for it.</param>
    public static JackpotOpening OpenNextCycles(JackpotConfig config, JackpotState state, long atUnixMs = 0)
    {
        var ledger = ImmutableArray.CreateBuilder<LedgerEntry>();
        var pools = ImmutableArray.CreateBuilder<PoolState>(state.Pools.Length);
        foreach (var (terms, pool) in config.Pools.Zip(state.Pools))
        {
            if (pool.Status != PoolStatus.Dropped)
            {
                pools.Add(pool);
                continue;
            }

            var opening = PoolRules.OpenNextCycle(terms, config.Currency, pool, state.Sequence, atUnixMs);
            pools.Add(opening.State);
            ledger.AddRange(opening.Ledger);
        }

        return new JackpotOpening(state with { Pools = pools.ToImmutable() }, ledger.ToImmutable());
    }

    static BatchDecision Settle(JackpotConfig config, JackpotState state, JackpotAccumulator accumulator, int consumed)
    {
        var sequence = state.Sequence + consumed;
        var settlement = new BatchSettlement(config, sequence);
        var pools = ImmutableArray.CreateBuilder<PoolState>(accumulator.Pools.Length);
        foreach (var pool in accumulator.Pools)
        {
            pools.Add(settlement.Settle(pool));
        }

        var after = state with { Version = state.Version + 1, Sequence = sequence, Pools = pools.MoveToImmutable() };
        return new BatchDecision(consumed, after, settlement.Drops, settlement.Ledger) { Withheld = accumulator.Withheld };
    }
}
