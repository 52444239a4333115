using System.Globalization;
using Jackpot.Core.Amounts;
using Jackpot.Core.Maths;
using Jackpot.Core.Pools;
using Jackpot.Core.Simulation;

namespace Jackpot.Cli.Simulation;

/// <summary>The figures of one tier: a closed form wherever there is one, else what the simulation counted.</summary>
sealed class PoolSheet
{
    const int HistogramSteps = 10;
    const double MicrosPerUnit = 1_000_000;

    readonly JackpotConfig _config;
    readonly PoolConfig _pool;
    readonly SimulateOptions _options;
    readonly PoolRuns _runs;
    readonly PoolFigures? _exact;

    internal PoolSheet(JackpotConfig config, int tier, SimulateOptions options, IEnumerable<SimulationReport> reports)
    {
        (_config, _pool, _options) = (config, config.Pools[tier], options);
        _runs = new PoolRuns(_pool, options, [.. reports.Select(report => report.Pools[tier])]);

        // Where one bet may not win all tiers, a drop can be withheld, and no tier's figures stand for themselves.
        _exact = config.TiersPerBetMax < config.Pools.Length ? null : PoolMaths.Figures(_pool);
        Figures =
        [
            ReturnToPlayer, SeedCost, NeededReserve, AverageAward, HoursToDrop, HoursWithin(0.5), HoursWithin(0.9), HoursWithin(0.99),
            ReserveRuin, RunsRuined, StartReserve, PlayerAdvantage,
        ];
        Histogram = DropSizes.Histogram([.. _runs.Drops.Select(drop => drop.AwardMicros)], HistogramSteps);
    }

    internal PoolConfig Pool => _pool;

    internal Currency Currency => _config.Currency;

    internal long DropCount => _runs.DropCount;

    internal IReadOnlyList<Figure> Figures { get; }

    internal IReadOnlyList<DropSizes> Histogram { get; }

    internal static string TriggerWord(Trigger trigger) => trigger switch
    {
        RandomTrigger => "random",
        MustDropByAmount => "must drop by amount",
        MustDropByTime => "must drop by time",
        ExternalTrigger => "external",
        RaffleTrigger => "raffle",
        _ => throw new InvalidOperationException($"Trigger {trigger.GetType().Name} has no word."),
    };

    internal Figure ReturnToPlayer => Of("return_to_player", "returned to players", Unit.StakeShare, figures => Value(figures.ReturnToPlayer), _runs.ReturnToPlayer);

    Figure SeedCost => Of("seed_cost", "seeds cost", Unit.StakeShare, figures => Value(figures.SeedCost), _runs.SeedCost);

    Figure NeededReserve
    {
        get
        {
            var set = string.Create(CultureInfo.InvariantCulture, $"it is {_pool.ReserveRate.Value / 10_000.0:0.0000} %{(_pool.EffectiveCeilingMicros == long.MaxValue ? "" : "; overflow comes on top")}");
            return Of("self_funding_reserve", "reserve rate for that", Unit.StakeShare, figures => figures.SeedCost.CeilingOf(PartsPerMillion.Whole) / (double)PartsPerMillion.Whole, _runs.SeedCost)
                with { Note = set };
        }
    }

    Figure AverageAward => Of("average_award", "average drop", Unit.Amount, figures => Value(figures.AverageAwardMicros) / MicrosPerUnit, _runs.AverageAward);

    Figure HoursToDrop => Of("hours_to_drop", "time to drop, average", Unit.Hours,
        figures => Value(figures.AverageTurnoverMicros) / _options.StakeMicrosMean / _options.Traffic.BetsPerHour, _runs.HoursToDrop);

    Figure ReserveRuin => Figure.Simulated("reserve_ruin", "seeds the house helps to pay", Unit.Probability, _runs.ReserveRuin, "overflow and reserve were not enough");

    Figure RunsRuined => Figure.Simulated("runs_ruined", "runs in which that happens", Unit.Probability, _runs.RunsRuined,
        string.Create(CultureInfo.InvariantCulture, $"a run is {_options.Bets / _options.Runs:N0} bets"));

    Figure StartReserve => _runs.DropCount == 0
        ? Figure.Without("start_reserve", "start reserve against it", Unit.Amount, "it did not drop; simulate more bets")
        : new("start_reserve", "start reserve against it", Unit.Amount, How.Simulated, _runs.StartReserve, null, $"enough in {PoolRuns.StartReservePercent} % of the runs");

    Figure PlayerAdvantage
    {
        get
        {
            const string Name = "player_advantage";
            const string Label = "players gain from";
            if (_options.BaseReturn is not { } baseReturn)
            {
                return Figure.Without(Name, Label, Unit.Amount, "give --base-rtp");
            }

            return PoolMaths.PlayerAdvantageMicros(_pool, baseReturn) is { } micros
                ? Figure.Exact(Name, Label, Unit.Amount, Value(micros) / MicrosPerUnit)
                : Figure.Without(Name, Label, Unit.Amount, WhyNoAdvantage(_pool.Trigger));
        }
    }

    static string WhyNoAdvantage(Trigger trigger) => trigger switch
    {
        MustDropByTime => "it hangs on the time that is left, not on the amount",
        ExternalTrigger => "the game decides when it drops",
        RaffleTrigger => "it hangs on the tickets that are sold",
        _ => "no amount that it can reach is enough",
    };

    Figure HoursWithin(double part)
    {
        var percent = (int)Math.Round(part * 100);
        var (name, label) = ($"hours_to_drop_p{percent}", $"  in {percent} % of cases within");
        if (_exact is not null && _pool.Trigger is RandomTrigger)
        {
            // Without memory the times are exponentially distributed; counted ones would miss those longer than a run.
            return Figure.Exact(name, label, Unit.Hours, -Math.Log(1 - part) * HoursToDrop.Value!.Value);
        }

        return _runs.HoursWithin(part) is { } hours
            ? new(name, label, Unit.Hours, How.Simulated, hours)
            : Figure.Without(name, label, Unit.Hours, "it did not drop; simulate more bets");
    }

    Figure Of(string name, string label, Unit unit, Func<PoolFigures, double> exact, Estimate? simulated) =>
        _exact is null ? Figure.Simulated(name, label, unit, simulated) : Figure.Exact(name, label, unit, exact(_exact));

    static double Value(Ratio ratio) => (double)ratio.Numerator / (double)ratio.Denominator;
}
