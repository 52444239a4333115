using Jackpot.Core.Amounts;

namespace Jackpot.Core.Pools;

/// <summary>What the next cycle starts from.</summary>
static class SeedRules
{
    /// <summary>The seed that is owed whoever pays it: the agreed amount, or the agreed share of the last award when that is more.</summary>
    public static long OwedMicros(PoolConfig config, Currency currency, long lastAwardMicros)
    {
        var share = new Money(config.SeedShareOfAward.FloorOf(lastAwardMicros), currency).FloorToMinorUnits().Micros;
        return Math.Max(config.SeedMicros, Math.Min(share, MostMicros(config, currency)));
    }

    /// <summary>The boost on top of it, as far as overflow and reserve reach: the house never pays for one.</summary>
    public static long BoostMicros(PoolConfig config, Currency currency, long owedMicros, PoolState pool)
    {
        var available = pool.OverflowMicros + pool.ReserveMicros - owedMicros;
        var room = MostMicros(config, currency) - owedMicros;
        var boost = Math.Min(config.SeedBoostMicros, Math.Min(available, room));
        return boost > 0 ? new Money(boost, currency).FloorToMinorUnits().Micros : 0;
    }

    // A cycle never starts at its ceiling, nor where a must-drop might already have fallen.
    static long MostMicros(PoolConfig config, Currency currency)
    {
        var belowCeiling = config.EffectiveCeilingMicros - currency.MinorUnitMicros;
        return config.Trigger is MustDropByAmount mustDrop ? Math.Min(belowCeiling, mustDrop.MinMicros) : belowCeiling;
    }
}
