using System.Collections.Immutable;
using Jackpot.Core.Amounts;
using Jackpot.Core.Ids;
using Jackpot.Core.Pools;
using Jackpot.Core.Schedules;
using Jackpot.Core.Validation;

namespace Jackpot.Core.Tests.Play;

/// <summary>Whether a random configuration uses everything there is.</summary>
enum AllFeatures
{
    Off,
    On,
}

/// <summary>Configurations that tests start from.</summary>
static class Terms
{
    public const long Unit = 1_000_000;

    public static readonly Currency Euro = Currency.Parse("EUR");

    public static PoolConfig Random(string id = "main") =>
        new(PoolId.Parse(id), new PartsPerMillion(10_000), new PartsPerMillion(2_500), 1_000 * Unit, null, new RandomTrigger(250_000 * Unit));

    public static PoolConfig MustDrop(string id = "main") =>
        new(PoolId.Parse(id), new PartsPerMillion(10_000), new PartsPerMillion(2_500), 5 * Unit, null, new MustDropByAmount(10 * Unit, 12 * Unit));

    public static PoolConfig Timed(WhenNobodyPlays policy = WhenNobodyPlays.RollsOver, string id = "main") =>
        Random(id) with { Trigger = new MustDropByTime(new Daily("Europe/Malta", new TimeOnly(20, 0)), policy) };

    public static PoolConfig External(string id = "main") => Random(id) with { Trigger = new ExternalTrigger() };

    public static PoolConfig Raffle(int winners = 3, string id = "main") => Random(id) with { Trigger = new RaffleTrigger(5 * Unit, winners) };

    public static JackpotConfig Of(params ImmutableArray<PoolConfig> pools) =>
        new(JackpotId.Parse("test-jackpot"), "Test", Euro, 1, pools);

    /// <summary>Any valid configuration: currency, one to eight pools, every trigger kind, ceilings or none.</summary>
    public static JackpotConfig Any(Random random) => Any(random, AllFeatures.Off);

    /// <summary>As <see cref="Any(Random)"/>, on demand with everything that a configuration can say.</summary>
    public static JackpotConfig Any(Random random, AllFeatures features)
    {
        var currency = Currency.Parse(new[] { "EUR", "JPY", "KWD" }[random.Next(3)]);
        var pools = random.Next(1, JackpotConfig.PoolsMax + 1);
        var config = new JackpotConfig(JackpotId.Parse($"any-{random.Next(1_000)}"), "Any", currency, random.Next(1, 100),
            [.. Enumerable.Range(0, pools).Select(tier => AnyPool(random, currency, tier))]);
        config = features == AllFeatures.On ? WithFeatures(random, config) : config;
        Assert.Empty(JackpotConfigValidator.Validate(config));
        return config;
    }

    static JackpotConfig WithFeatures(Random random, JackpotConfig config) => config with
    {
        Funding = (FundingMode)random.Next(3),
        TiersPerBetMax = random.Next(1, JackpotConfig.PoolsMax + 1),
        Pools = [.. config.Pools.Select(pool => WithFeatures(random, pool, config.Currency))],
    };

    static PoolConfig WithFeatures(Random random, PoolConfig pool, Currency currency)
    {
        var boosted = pool with
        {
            SeedShareOfAward = new PartsPerMillion(random.Next(2) * random.Next(500_000)),
            SeedBoostMicros = random.Next(2) * random.NextInt64(1_000) * currency.MinorUnitMicros,
        };
        return random.Next(6) switch
        {
            0 => boosted with { Trigger = new ExternalTrigger() },
            1 => boosted with { Trigger = new RaffleTrigger(random.NextInt64(1, 1_000 * Unit), random.Next(1, 20)) },
            2 => boosted with { Trigger = new MustDropByTime(AnySchedule(random), (WhenNobodyPlays)random.Next(2)) },
            3 when boosted.Trigger is RandomTrigger => boosted with { Kind = PoolKind.Fixed, ContributionRate = default },
            _ => boosted,
        };
    }

    static Schedule AnySchedule(Random random) => random.Next(3) switch
    {
        0 => new Hourly("Europe/Malta", random.Next(60)),
        1 => new Daily("America/New_York", new TimeOnly(random.Next(24), random.Next(60))),
        _ => new Weekly("Asia/Kolkata", (DayOfWeek)random.Next(7), new TimeOnly(random.Next(24), random.Next(60))),
    };

    static PoolConfig AnyPool(Random random, Currency currency, int tier)
    {
        var unit = currency.MinorUnitMicros;
        var seed = unit * random.NextInt64(1, 10_000);
        var ceiling = random.Next(3) == 0 ? seed + unit * random.NextInt64(1, 10_000) : (long?)null;
        var rates = (random.Next(1, 60_000), random.Next(0, 60_000));
        return new PoolConfig(PoolId.Parse($"tier-{tier}"), new PartsPerMillion(rates.Item1), new PartsPerMillion(rates.Item2),
            seed, ceiling, random.Next(2) == 0 ? AnyRandom(random) : AnyMustDrop(random, unit, seed, ceiling));
    }

    static ImmutableArray<int> AnyWeights(Random random) =>
        [.. Enumerable.Range(0, random.Next(4)).Select(_ => random.Next(1, 100))];

    static RandomTrigger AnyRandom(Random random) => new(random.NextInt64(1 * Unit, 100_000 * Unit));

    static MustDropByAmount AnyMustDrop(Random random, long unit, long seed, long? ceiling)
    {
        var max = seed + unit * random.NextInt64(1, Math.Min(10_000, ((ceiling ?? long.MaxValue) - seed) / unit) + 1);
        return new MustDropByAmount(seed + unit * random.NextInt64(0, (max - seed) / unit + 1), max) { Weights = AnyWeights(random) };
    }
}
