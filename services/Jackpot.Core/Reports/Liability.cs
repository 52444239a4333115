using Jackpot.Core.Pools;

namespace Jackpot.Core.Reports;

/// <summary>Whose money lies in the pools, in micro-units of one currency (R55, R56).</summary>
/// <param name="PlayerFundedMicros">Increments: owed to players as soon as they were played.</param>
/// <param name="SeedMicros">Seeds of running cycles: owed once they are won.</param>
/// <param name="ReserveMicros">Set aside from stakes for coming seeds.</param>
/// <param name="OverflowMicros">Above a ceiling, for coming seeds.</param>
public readonly record struct Liability(Int128 PlayerFundedMicros, Int128 SeedMicros, Int128 ReserveMicros, Int128 OverflowMicros)
{
    public Int128 TotalMicros => PlayerFundedMicros + SeedMicros + ReserveMicros + OverflowMicros;

    /// <summary>The sum over any pools of one currency; zero for none ("no activity").</summary>
    public static Liability Of(IEnumerable<PoolState> pools) => pools.Aggregate(default(Liability), (sum, pool) => new Liability(
        sum.PlayerFundedMicros + pool.IncrementMicros,
        sum.SeedMicros + pool.SeedMicros,
        sum.ReserveMicros + pool.ReserveMicros,
        sum.OverflowMicros + pool.OverflowMicros));
}
