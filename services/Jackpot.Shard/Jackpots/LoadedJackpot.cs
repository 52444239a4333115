using Jackpot.Core.Draws;
using Jackpot.Core.Pools;

namespace Jackpot.Shard.Jackpots;

/// <summary>A jackpot as an actor remembers it between turns: a cache of its rows, worth nothing once the version has moved on.</summary>
internal sealed record LoadedJackpot(JackpotEntry Entry, JackpotState State, CycleSecret[] Secrets);

/// <summary>A cycle that opens with a commit: its secret is sealed, its commitment public from that moment.</summary>
internal sealed record OpenedCycle(int Tier, PoolState Opening, CycleSecret Secret, Commitment Commitment, byte[] Sealed);
