using Jackpot.Core.Awards;
using Jackpot.Core.Ids;

namespace Jackpot.Core.Network;

/// <summary>A drop as it crosses: which entry won how much. Only the shard that gave the entry its name can say whose bet that was.</summary>
/// <param name="Id">Follows from the home that decided, the pool and the cycle: one per cycle.</param>
/// <param name="AmountMicros">In the home currency, whole minor units.</param>
public sealed record NetworkAward(AwardId Id, PoolId Pool, long Cycle, EntryName Winner, long AmountMicros);

/// <summary>How far the winner's shard has come with an award. It only moves forward.</summary>
public enum AwardProgress
{
    /// <summary>Home has told it and heard nothing.</summary>
    Announced,

    /// <summary>The winner's shard found the bet and has started to pay.</summary>
    Resolved,

    /// <summary>The bet was lost with the tail of a restored database. People of that region look for the winner; nobody else gets it.</summary>
    Unresolved,

    /// <summary>The winner's operator has paid.</summary>
    Paid,
}

/// <summary>What the winner's shard tells home of an award; nothing of who won.</summary>
public readonly record struct AwardReceipt(AwardId Id, AwardProgress Progress);

/// <summary>An award that home has told and that is not known to be paid.</summary>
public sealed record OpenAward(NetworkAward Award, AwardProgress Progress);
