using System.Collections.Immutable;
using Jackpot.Core.Ids;
using Jackpot.Core.Ledger;
using Jackpot.Core.Pools;

namespace Jackpot.Core.Contributions;

/// <summary>What a batch of stakes did to a jackpot. To be committed as a whole or not at all.</summary>
/// <param name="Consumed">How many stakes were taken: all, or up to and including the first that dropped a pool.</param>
/// <param name="State">The jackpot afterwards. Its chain head is still the one before the batch: the caller hashes the rows and advances it.</param>
/// <param name="Drops">In tier order; empty for most batches.</param>
/// <param name="Ledger">The batch's movements, summed per pool and account; together zero.</param>
public sealed record BatchDecision(int Consumed, JackpotState State, ImmutableArray<Drop> Drops, ImmutableArray<LedgerEntry> Ledger)
{
    /// <summary>Tiers that the last stake would have dropped as well, had the jackpot allowed it so many.</summary>
    public ImmutableArray<PoolId> Withheld { get; init; } = [];
}
