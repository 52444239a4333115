using System.Collections.Immutable;
using Jackpot.Core.Amounts;
using Jackpot.Core.Ids;

namespace Jackpot.Core.Pools;

/// <summary>Tells every fault of a configuration at once, so that nobody mends them one refusal at a time.</summary>
public static class JackpotConfigValidator
{
    const int NameCharsMax = 100;

    /// <summary>Amounts in a configuration stay a factor of nine below what a balance can hold.</summary>
    const long MicrosMax = AmountText.MicrosMax;

    /// <summary>Empty when the configuration may be used.</summary>
    public static ImmutableArray<ConfigFault> Validate(JackpotConfig config)
    {
        var faults = ImmutableArray.CreateBuilder<ConfigFault>();
        CheckJackpot(config, faults);
        foreach (var pool in config.Pools)
        {
            CheckPool(pool, config.Currency, faults);
        }

        return faults.ToImmutable();
    }

    static void CheckJackpot(JackpotConfig config, ImmutableArray<ConfigFault>.Builder faults)
    {
        void Refuse(ConfigFaultKind kind, PoolId? pool, string message) => faults.Add(new ConfigFault(kind, pool, message));

        if (string.IsNullOrWhiteSpace(config.Name))
        {
            Refuse(ConfigFaultKind.NameMissing, null, "The jackpot has no name; players must be told what they play for.");
        }
        else if (config.Name.Length > NameCharsMax)
        {
            Refuse(ConfigFaultKind.NameTooLong, null, $"The name has {config.Name.Length} characters; at most {NameCharsMax} are allowed.");
        }

        if (config.Pools.IsEmpty)
        {
            Refuse(ConfigFaultKind.NoPools, null, "The jackpot has no pool; it needs at least one.");
        }

        if (config.Pools.Length > JackpotConfig.PoolsMax)
        {
            Refuse(ConfigFaultKind.TooManyPools, null, $"The jackpot has {config.Pools.Length} pools; at most {JackpotConfig.PoolsMax} are allowed.");
        }

        foreach (var id in config.Pools.GroupBy(pool => pool.Id).Where(same => same.Count() > 1).Select(same => same.Key))
        {
            Refuse(ConfigFaultKind.PoolIdRepeated, id, $"Pool id '{id}' is used more than once.");
        }

        var total = config.Pools.Sum(pool => (long)pool.ContributionRate.Value + pool.ReserveRate.Value);
        if (total > PartsPerMillion.Whole)
        {
            Refuse(ConfigFaultKind.RatesAboveWhole, null, $"All rates together are {total} ppm; a stake has only {PartsPerMillion.Whole}.");
        }
    }

    static void CheckPool(PoolConfig pool, Currency currency, ImmutableArray<ConfigFault>.Builder faults)
    {
        var check = new PoolCheck(pool.Id, currency, faults);
        check.Refuse(pool.ContributionRate.Value == 0, ConfigFaultKind.ContributionRateZero, $"The contribution rate is 0 ppm; it must be above zero.");
        check.Amount(pool.SeedMicros, "seed");
        check.Refuse(pool.SeedMicros < 0, ConfigFaultKind.SeedNegative, $"The seed is {check.Text(pool.SeedMicros)}; it cannot be negative.");
        check.WholeMinorUnits(pool.SeedMicros, ConfigFaultKind.SeedNotWholeMinorUnits, "seed");
        CheckCeiling(pool, check);
        switch (pool.Trigger)
        {
            case RandomTrigger random:
                CheckRandom(pool, random, check);
                break;
            case MustDropByAmount mustDrop:
                CheckMustDrop(pool, mustDrop, check);
                break;
            default:
                throw new InvalidOperationException($"Trigger {pool.Trigger.GetType().Name} has no validation.");
        }
    }

    static void CheckCeiling(PoolConfig pool, PoolCheck check)
    {
        if (pool.CeilingMicros is not { } ceiling)
        {
            return;
        }

        check.Amount(ceiling, "ceiling");
        check.WholeMinorUnits(ceiling, ConfigFaultKind.CeilingNotWholeMinorUnits, "ceiling");
        check.Refuse(ceiling <= pool.SeedMicros, ConfigFaultKind.CeilingNotAboveSeed,
            $"The ceiling is {check.Text(ceiling)}; it must be above the seed of {check.Text(pool.SeedMicros)}.");
    }

    static void CheckRandom(PoolConfig pool, RandomTrigger random, PoolCheck check)
    {
        check.Amount(random.TurnoverPerDropMicros, "turnover per drop");
        check.Refuse(random.TurnoverPerDropMicros <= 0, ConfigFaultKind.TurnoverNotPositive,
            $"The turnover per drop is {check.Text(random.TurnoverPerDropMicros)}; it must be above zero.");

        // The very first stake of a cycle may win, and an award of nothing is none.
        check.Refuse(pool.SeedMicros < check.MinorUnitMicros, ConfigFaultKind.SeedNotPayable,
            $"The seed is {check.Text(pool.SeedMicros)}; a pool that may drop at once must start from at least {check.Text(check.MinorUnitMicros)}.");
    }

    static void CheckMustDrop(PoolConfig pool, MustDropByAmount mustDrop, PoolCheck check)
    {
        var (min, max) = (mustDrop.MinMicros, mustDrop.MaxMicros);
        check.Amount(min, "minimum");
        check.Amount(max, "maximum");
        check.Refuse(min < check.MinorUnitMicros, ConfigFaultKind.MinNotPayable,
            $"The minimum is {check.Text(min)}; an award is at least {check.Text(check.MinorUnitMicros)}.");
        check.WholeMinorUnits(min, ConfigFaultKind.MinNotWholeMinorUnits, "minimum");
        check.WholeMinorUnits(max, ConfigFaultKind.MaxNotWholeMinorUnits, "maximum");
        check.Refuse(min > max, ConfigFaultKind.MinAboveMax, $"The minimum is {check.Text(min)}, above the maximum of {check.Text(max)}.");
        check.Refuse(min < pool.SeedMicros, ConfigFaultKind.MinBelowSeed,
            $"The minimum is {check.Text(min)}, but a cycle starts from {check.Text(pool.SeedMicros)}.");
        check.Refuse(max <= pool.SeedMicros, ConfigFaultKind.MaxNotAboveSeed,
            $"The maximum is {check.Text(max)}; it must be above the seed of {check.Text(pool.SeedMicros)}.");
        check.Refuse(max > pool.CeilingMicros, ConfigFaultKind.MaxAboveCeiling,
            $"The maximum is {check.Text(max)}, above the ceiling of {check.Text(pool.CeilingMicros ?? max)}: it could not be reached.");
    }

    /// <summary>The faults of one tier, told with its id and its currency.</summary>
    sealed class PoolCheck(PoolId pool, Currency currency, ImmutableArray<ConfigFault>.Builder faults)
    {
        public long MinorUnitMicros => currency.MinorUnitMicros;

        public string Text(long micros) => new Money(micros, currency).ToString();

        public void Refuse(bool broken, ConfigFaultKind kind, string message)
        {
            if (broken)
            {
                faults.Add(new ConfigFault(kind, pool, message));
            }
        }

        public void WholeMinorUnits(long micros, ConfigFaultKind kind, string what) =>
            Refuse(!currency.IsWholeMinorUnits(micros), kind, $"The {what} is {Text(micros)}; {currency} is paid in {currency.MinorUnitDigits} decimals.");

        public void Amount(long micros, string what) =>
            Refuse(micros > MicrosMax, ConfigFaultKind.AmountTooLarge, $"The {what} is {Text(micros)}; at most {Text(MicrosMax)} is allowed.");
    }
}
