using System.Collections.Immutable;
using Jackpot.Core.Amounts;
using Jackpot.Core.Ids;
using Jackpot.Core.Maths;
using Jackpot.Core.Pools;

namespace Jackpot.Core.Validation;

/// <summary>Tells every fault of a configuration at once, so that nobody mends them one refusal at a time.</summary>
public static class JackpotConfigValidator
{
    const int NameCharsMax = 100;

    /// <summary>Empty when the configuration may be used.</summary>
    public static ImmutableArray<ConfigFault> Validate(JackpotConfig config)
    {
        var faults = ImmutableArray.CreateBuilder<ConfigFault>();
        CheckJackpot(config, faults);
        foreach (var pool in config.Pools)
        {
            CheckPool(pool, config.Currency, faults);
        }

        // The formulas need terms that make sense.
        return faults.Count == 0 ? Affordability.Check(config) : faults.ToImmutable();
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

        if (config.TiersPerBetMax is < 1 or > JackpotConfig.PoolsMax)
        {
            Refuse(ConfigFaultKind.TiersPerBetOutOfRange, null, $"One bet may win {config.TiersPerBetMax} tiers; 1 to {JackpotConfig.PoolsMax} are allowed.");
        }

        var total = config.Pools.Sum(pool => (long)pool.ContributionRate.Value + pool.ReserveRate.Value);
        if (total > PartsPerMillion.Whole)
        {
            Refuse(ConfigFaultKind.RatesAboveWhole, null, $"All rates together are {total} ppm; a stake has only {PartsPerMillion.Whole}.");
        }
    }

    static void CheckPool(PoolConfig pool, Currency currency, ImmutableArray<ConfigFault>.Builder faults)
    {
        var check = new PoolCheck(pool, currency, faults);
        CheckRates(check);
        check.Amount(pool.SeedMicros, "seed");
        check.Refuse(pool.SeedMicros < 0, ConfigFaultKind.SeedNegative, $"The seed is {check.Text(pool.SeedMicros)}; it cannot be negative.");
        check.WholeMinorUnits(pool.SeedMicros, ConfigFaultKind.SeedNotWholeMinorUnits, "seed");
        check.Refuse(pool.SeedBoostMicros is < 0 or > AmountText.MicrosMax || !currency.IsWholeMinorUnits(pool.SeedBoostMicros), ConfigFaultKind.SeedBoostOutOfRange,
            $"The seed boost is {check.Text(pool.SeedBoostMicros)}; it is zero or more, in whole minor units.");
        CheckCeiling(check);
        TriggerChecks.Run(check);
    }

    static void CheckRates(PoolCheck check)
    {
        var rate = check.Pool.ContributionRate.Value;
        check.Refuse(check.Pool.Kind == PoolKind.Progressive && rate == 0, ConfigFaultKind.ContributionRateZero,
            "The contribution rate is 0 ppm; a progressive pool grows by one above zero.");
        check.Refuse(check.Pool.Kind == PoolKind.Fixed && rate != 0, ConfigFaultKind.FixedCannotGrow,
            $"The contribution rate is {rate} ppm; a fixed pool has none, only a reserve rate.");
    }

    static void CheckCeiling(PoolCheck check)
    {
        if (check.Pool.CeilingMicros is not { } ceiling)
        {
            return;
        }

        check.Amount(ceiling, "ceiling");
        check.WholeMinorUnits(ceiling, ConfigFaultKind.CeilingNotWholeMinorUnits, "ceiling");
        check.Refuse(ceiling <= check.Pool.SeedMicros, ConfigFaultKind.CeilingNotAboveSeed,
            $"The ceiling is {check.Text(ceiling)}; it must be above the seed of {check.Text(check.Pool.SeedMicros)}.");
    }
}
