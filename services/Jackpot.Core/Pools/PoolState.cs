using Jackpot.Core.Ids;

namespace Jackpot.Core.Pools;

/// <summary>Whether a pool takes part.</summary>
public enum PoolStatus
{
    /// <summary>A cycle runs: contributions grow the pool and may drop it.</summary>
    Open,

    /// <summary>The cycle has dropped and the next one has not been opened; nothing may be recorded.</summary>
    Dropped,
}

/// <summary>What a tier holds, in micro-units of the home currency. Four balances, because each belongs to somebody else (R02).</summary>
/// <param name="Id">The tier.</param>
/// <param name="Status">Whether a cycle runs.</param>
/// <param name="Cycle">The number of the cycle, from 1.</param>
/// <param name="OpenedAfterSequence">The jackpot's last sequence before this cycle: its first contribution is the next one.</param>
/// <param name="IncrementMicros">What players have put in since the last drop.</param>
/// <param name="SeedMicros">What the cycle was started with.</param>
/// <param name="ReserveMicros">Set aside from stakes for coming seeds.</param>
/// <param name="OverflowMicros">What came in above the ceiling; pays for seeds before the reserve does.</param>
/// <param name="ThresholdAboveMicros">What the pool held when its hidden threshold was drawn; the threshold lies above it, so that nobody wins on ground already paid for (R17).</param>
public sealed record PoolState(
    PoolId Id,
    PoolStatus Status,
    long Cycle,
    long OpenedAfterSequence,
    long IncrementMicros,
    long SeedMicros,
    long ReserveMicros,
    long OverflowMicros,
    long ThresholdAboveMicros)
{
    /// <summary>When the cycle was opened, in milliseconds since 1970 UTC. Only timed pools ask for it.</summary>
    public long OpenedAtUnixMs { get; init; }

    /// <summary>Raffle tickets bought in this cycle.</summary>
    public long TicketsSold { get; init; }

    /// <summary>What the cycle before this one paid; zero before the first drop. A seed may be a share of it.</summary>
    public long LastAwardMicros { get; init; }

    /// <summary>The version of the rules that decide this cycle; see <see cref="PoolRules.RulesVersion"/>. What was opened before versions were kept has the first.</summary>
    public int RulesVersion { get; init; } = PoolRules.RulesVersionFirst;

    /// <summary>What of the overflow lay there when the cycle was opened; the rest came in above the ceiling since.</summary>
    public long OpeningOverflowMicros { get; init; }

    /// <summary>What the player sees and wins: increment and seed.</summary>
    public long AmountMicros => IncrementMicros + SeedMicros;

    /// <summary>Everything that the pool holds, seen or not.</summary>
    public long TotalMicros => AmountMicros + ReserveMicros + OverflowMicros;
}
