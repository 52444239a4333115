using System.Collections.Immutable;
using Jackpot.Core.Awards;
using Jackpot.Core.Chain;
using Jackpot.Core.Draws;
using Jackpot.Core.Ids;
using Jackpot.Core.Pools;
using Jackpot.Core.Voids;

namespace Jackpot.Core.Verification;

/// <summary>Everything of one dropped cycle that a stranger needs to recompute it, and nothing about any player.</summary>
/// <param name="Jackpot">The jackpot whose chain the rows stand in.</param>
/// <param name="Pool">The tier that dropped.</param>
/// <param name="Cycle">The cycle that ended.</param>
/// <param name="Configs">Every version of the terms that a batch of the cycle was decided under.</param>
/// <param name="Commitment">As it was published when the cycle opened.</param>
/// <param name="Secret">As it was published after the drop.</param>
/// <param name="Opening">The pool when the cycle was opened.</param>
/// <param name="Batches">From the cycle's first contribution to the last before its drop, without a gap; none when an external trigger dropped the pool before any came.</param>
/// <param name="Award">What was awarded.</param>
/// <param name="Closing">The pool after the drop, before the next cycle.</param>
public sealed record CycleExport(
    JackpotId Jackpot,
    PoolId Pool,
    long Cycle,
    ImmutableArray<JackpotConfig> Configs,
    Commitment Commitment,
    CycleSecret Secret,
    PoolState Opening,
    ImmutableArray<ExportedBatch> Batches,
    ExportedAward Award,
    PoolState Closing)
{
    /// <summary>Money that came into the pool between its batches: transfers from ended jackpots, payments of the house.</summary>
    public ImmutableArray<Adjustment> Adjustments { get; init; } = [];

    /// <summary>Awards of other tiers that kept this one from dropping, because one bet may win only so many. Public, as all awards are.</summary>
    public ImmutableArray<OtherAward> AwardsInstead { get; init; } = [];

    /// <summary>Voids of the cycle's time, in the order of the chain; those of earlier cycles' bets among them, which leave this pool alone.</summary>
    public ImmutableArray<ExportedVoidStep> VoidSteps { get; init; } = [];

    /// <summary>The external trigger that dropped the pool; null when a contribution did.</summary>
    public ExternalDrop? ExternalDrop { get; init; }
}

/// <summary>A drop that no contribution caused. It stands between two batches of the chain.</summary>
/// <param name="ConfigVersion">The terms it was decided under.</param>
/// <param name="AfterSequence">The jackpot's last sequence before it.</param>
/// <param name="Head">The chain's head at that moment; a raffle's tickets are drawn from it.</param>
public sealed record ExternalDrop(int ConfigVersion, long AfterSequence, Hash32 Head);

/// <summary>What was added to each balance after a sequence, as the audit log has it; never negative, for nothing leaves a pool but by a drop or its end (R18).</summary>
/// <param name="AfterSequence">The jackpot's sequence at that time; it is the last of a batch.</param>
/// <param name="IncrementMicros">Added to the increment.</param>
/// <param name="ReserveMicros">Added to the reserve.</param>
/// <param name="OverflowMicros">Added to the overflow.</param>
/// <param name="RedrawsThreshold">Whether the hidden amount was drawn anew above what the pool then held.</param>
public sealed record Adjustment(long AfterSequence, long IncrementMicros, long ReserveMicros, long OverflowMicros, bool RedrawsThreshold)
{
    /// <summary>The number of the jackpot's last void before it; it comes before all later ones that stand after the same sequence.</summary>
    public long AfterVoid { get; init; }
}

/// <summary>One link of the hash chain that takes contributions back. It stands between two batches.</summary>
/// <param name="ConfigVersion">The terms in force.</param>
/// <param name="AfterSequence">The jackpot's last contribution before it.</param>
/// <param name="FirstNumber">The number of its first void.</param>
public sealed record ExportedVoidStep(
    int ConfigVersion, long AfterSequence, long FirstNumber, Hash32 HeadBefore, Hash32 Root, Hash32 HeadAfter, ImmutableArray<ExportedVoid> Voids);

/// <summary>One void as the chain knows it, in the home currency.</summary>
/// <param name="Number">Gapless in the jackpot.</param>
/// <param name="Sequence">The contribution that it takes back, or a part of.</param>
public readonly record struct ExportedVoid(long Number, long Sequence, long StakeMicros, long ContributionMicros, VoidRoad Road, Hash16 Key, Hash16 Body);

/// <summary>An award of another tier, dropped by the same bet.</summary>
public sealed record OtherAward(PoolId Pool, long Cycle, long Sequence, long AmountMicros);

/// <summary>One link of the hash chain with the rows behind it.</summary>
public sealed record ExportedBatch(
    int ConfigVersion,
    long FirstSequence,
    int Count,
    Hash32 HeadBefore,
    Hash32 Root,
    Hash32 HeadAfter,
    ImmutableArray<ExportedRow> Rows)
{
    /// <summary>When the batch was decided, for jackpots whose chain tells it; zero for the others.</summary>
    public long DecidedAtUnixMs { get; init; }
}

/// <summary>One contribution as the chain knows it. Amounts are micro-units of the home currency.</summary>
public readonly record struct ExportedRow(long Sequence, long StakeMicros, long ContributionMicros, Hash16 Key, Hash16 Body, BetFunding Funding = BetFunding.Cash);

/// <summary>The frozen result of the cycle.</summary>
public sealed record ExportedAward(AwardId Id, long Sequence, long AmountMicros, long RemainderMicros)
{
    /// <summary>What the id follows from beside pool and cycle; null for awards from before epochs.</summary>
    public ShardEpoch? Epoch { get; init; }

    /// <summary>The winning tickets of a raffle; empty for every other kind.</summary>
    public ImmutableArray<long> WinningTickets { get; init; } = [];
}
