using Jackpot.Core.Awards;
using Jackpot.Core.Contributions;
using Jackpot.Core.Draws;
using Jackpot.Core.Ids;
using Jackpot.Core.Pools;

namespace Jackpot.Ledger.Jackpots;

/// <summary>A jackpot as a writer remembers it between turns: a cache of its rows, worth nothing once the version has moved on.</summary>
/// <param name="Number">Its key in the tables.</param>
/// <param name="PoolNumbers">The keys of its pools, in tier order.</param>
/// <param name="Terms">In force.</param>
/// <param name="Approved">Agreed, and waiting to take effect; null for none.</param>
/// <param name="State">As last committed.</param>
/// <param name="Secrets">Of the running cycles, in tier order.</param>
internal sealed record LoadedJackpot(
    int Number, int[] PoolNumbers, JackpotTerms Terms, JackpotTerms? Approved, JackpotState State, CycleSecret[] Secrets)
{
    /// <summary>In which its awards are named.</summary>
    public ShardEpoch Epoch { get; init; }

    public JackpotConfig Config => Terms.Config;

    /// <summary>The award's name; a repeated decision on the same cycle comes to the same.</summary>
    public AwardId AwardOf(Drop drop) => AwardId.Of(Epoch, drop.Pool, drop.Cycle);

    /// <summary>The instant that a decision made now carries: zero unless a timed pool asks for it, now or after its next drop.</summary>
    public long InstantMs(DateTimeOffset now) => Terms.IsTimed || Approved is { IsTimed: true } ? now.ToUnixTimeMilliseconds() : 0;
}

/// <summary>A cycle that opens with a commit: its secret is sealed, its commitment public from that moment.</summary>
internal sealed record OpenedCycle(int Tier, PoolState Opening, CycleSecret Secret, Commitment Commitment, byte[] Sealed);
