using System.Collections.Immutable;
using Jackpot.Core.Amounts;
using Jackpot.Core.Ids;
using Jackpot.Core.Pools;
using Jackpot.Core.Schedules;

namespace Jackpot.Core.Tests.Play;

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
    public static JackpotConfig Any(Random random)
    {
        var currency = Currency.Parse(new[] { "EUR", "JPY", "KWD" }[random.Next(3)]);
        var pools = random.Next(1, JackpotConfig.PoolsMax + 1);
        var config = new JackpotConfig(JackpotId.Parse($"any-{random.Next(1_000)}"), "Any", currency, random.Next(1, 100),
            [.. Enumerable.Range(0, pools).Select(tier => AnyPool(random, currency, tier))]);
        Assert.Empty(JackpotConfigValidator.Validate(config));
        return config;
    }

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
