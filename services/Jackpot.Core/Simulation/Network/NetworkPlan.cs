using System.Collections.Immutable;
using Jackpot.Core.Amounts;
using Jackpot.Core.Ids;
using Jackpot.Core.Network;
using Jackpot.Core.Pools;

namespace Jackpot.Core.Simulation.Network;

/// <summary>A defect that a simulation can be given, to see that it is found.</summary>
public enum NetworkDefect
{
    None,

    /// <summary>A bet is answered when it has arrived, not when it is stored.</summary>
    AcknowledgeBeforeCommit,

    /// <summary>Home adds whatever arrives to what it has.</summary>
    MergeByAddition,

    /// <summary>Home looks for the winner in its own rows.</summary>
    AwardResolvedAtHome,

    /// <summary>A restored feeder goes on in the epoch of its backup.</summary>
    RestoreWithoutEpoch,

    /// <summary>A feeder believes whatever home said last to arrive, however old.</summary>
    StateWithoutVersion,
}

/// <summary>One run: three shards of two regions, a minute of bets under faults, then healing.</summary>
/// <param name="Defect">What is wrong on purpose.</param>
public sealed record NetworkPlan(NetworkDefect Defect = NetworkDefect.None)
{
    const long Unit = 1_000_000;
    const int Percent = 10_000;

    /// <summary>How long bets come and faults happen.</summary>
    public const long TroubleMs = 60_000;

    /// <summary>By when everything must agree after the last fault.</summary>
    public const long HealingMsMax = 60_000;

    /// <summary>Entries of a message here: small, so that a run has many.</summary>
    internal const int EntriesPerDelta = 8;

    internal static readonly ImmutableArray<string> Shards = ["aa-home-1", "aa-feeder-2", "bb-feeder-1"];

    internal static readonly FeederLimits Limits = new(1_000 * Unit, 100_000_000 * Unit);

    // A must-drop that falls every few bets, and a random tier that can stand at its ceiling.
    internal static readonly JackpotConfig Terms = new(JackpotId.Parse("net-simulated"), "Simulated", Currency.Parse("EUR"), 1,
    [
        new PoolConfig(PoolId.Parse("mini"), new PartsPerMillion(5 * Percent), new PartsPerMillion(Percent), 5 * Unit, null, new MustDropByAmount(6 * Unit, 12 * Unit)),
        new PoolConfig(PoolId.Parse("grand"), new PartsPerMillion(3 * Percent), new PartsPerMillion(Percent / 2), 20 * Unit, 40 * Unit, new RandomTrigger(600 * Unit)),
    ]);

    internal static readonly ImmutableArray<long> StakesMicros = [1 * Unit, 1 * Unit, 1 * Unit, 2 * Unit, 5 * Unit, 20 * Unit, 33_333, 7_123_457];
}

/// <summary>What happened in a run, or in many.</summary>
public enum NetworkEvent
{
    BetAccepted,
    BetVoided,
    MessageSent,
    MessageLost,
    MessageRepeated,
    MessageLate,
    MessageCut,
    ShardCrashed,
    ShardRestored,
    HomeMoved,
    StaleOwnerFenced,
    RangeAsked,
    EntriesRepeated,
    EntriesCutBack,
    DeltaRefused,
    StateOlder,
    FeederSuspended,
    AwardMade,
    AwardPaid,
    AwardUnresolved,
}

/// <summary>What one run came to.</summary>
/// <param name="Violations">What must never be; empty when all is well.</param>
/// <param name="Events">How often each <see cref="NetworkEvent"/> happened, by its number.</param>
public sealed record NetworkReport(ImmutableArray<string> Violations, ImmutableArray<long> Events);
