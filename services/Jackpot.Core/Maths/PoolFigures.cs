namespace Jackpot.Core.Maths;

/// <summary>What a pool's terms mean in the long run. Exact fractions; amounts in micro-units, the others per unit of stake.</summary>
/// <param name="AverageAwardMicros">What a drop pays on average.</param>
/// <param name="AverageTurnoverMicros">Stakes between two drops on average.</param>
/// <param name="ReturnToPlayer">The part of every stake that comes back as awards of this pool.</param>
/// <param name="SeedCost">The part of every stake that seeds cost; what the reserve rate must reach to be self-funding.</param>
public sealed record PoolFigures(Ratio AverageAwardMicros, Ratio AverageTurnoverMicros, Ratio ReturnToPlayer, Ratio SeedCost);
