using System.Collections.Immutable;
using Jackpot.Core.Chain;
using Jackpot.Core.Ids;

namespace Jackpot.Core.Pools;

/// <summary>Whether a jackpot takes contributions.</summary>
public enum JackpotStatus
{
    Active,

    /// <summary>Takes nothing and pays nothing; every amount stays as it is until it is resumed (R30).</summary>
    Paused,

    /// <summary>Ended for good; its money was transferred.</summary>
    Decommissioned,
}

/// <summary>Everything that must be known of a jackpot to decide its next batch. Secrets are not part of it.</summary>
/// <param name="Id">The jackpot.</param>
/// <param name="Status">Whether it takes contributions.</param>
/// <param name="Version">Grows by one with every decision; a writer that saw an older one has lost the race.</param>
/// <param name="Sequence">The number of the last contribution; gapless from 1.</param>
/// <param name="ChainHead">The hash chain after the last batch.</param>
/// <param name="Pools">In tier order, as in the configuration.</param>
public sealed record JackpotState(
    JackpotId Id,
    JackpotStatus Status,
    long Version,
    long Sequence,
    Hash32 ChainHead,
    ImmutableArray<PoolState> Pools)
{
    public bool Equals(JackpotState? other) =>
        other is not null && Id == other.Id && Status == other.Status && Version == other.Version && Sequence == other.Sequence
        && ChainHead == other.ChainHead && Pools.SequenceEqual(other.Pools);

    public override int GetHashCode() => HashCode.Combine(Id, Version, Sequence, ChainHead);
}
