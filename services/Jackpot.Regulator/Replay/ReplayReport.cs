using Jackpot.Core.Amounts;

namespace Jackpot.Regulator.Replay;

/// <summary>What a replay found. Secrets and hidden thresholds are no part of it.</summary>
/// <param name="JackpotId">The jackpot.</param>
/// <param name="ToSequence">The last contribution that was replayed.</param>
/// <param name="Batches">Links of the hash chain that were computed again.</param>
/// <param name="Drops">Awards that were computed again, external ones included.</param>
/// <param name="Movements">Transfers and payments of the house that were taken from the books.</param>
/// <param name="Voids">Contributions, or parts of them, that were taken back again.</param>
/// <param name="ChainHead">After the last whole batch.</param>
/// <param name="Pools">After <paramref name="ToSequence"/>; when it ends a batch, with the cycles that opened and the external drops after it.</param>
/// <param name="Agrees">Whether every hash, amount, award and balance is what is stored.</param>
/// <param name="Findings">What is not; at most a hundred.</param>
internal sealed record ReplayReport(
    string JackpotId, long ToSequence, long Batches, long Drops, long Movements, long Voids, string ChainHead, IReadOnlyList<ReplayedPool> Pools, bool Agrees,
    IReadOnlyList<ReplayFinding> Findings);

/// <summary>What a tier showed.</summary>
internal sealed record ReplayedPool(string PoolId, long Cycle, Money Amount);

/// <summary>One place where the rows and what is stored beside them disagree.</summary>
internal sealed record ReplayFinding(string Kind, long? Sequence, string Message);
