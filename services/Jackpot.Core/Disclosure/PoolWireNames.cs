using Jackpot.Core.Amounts;
using Jackpot.Core.Maths;
using Jackpot.Core.Pools;
using Jackpot.Core.Schedules;

namespace Jackpot.Core.Disclosure;

/// <summary>What the terms of one tier mean, in sentences.</summary>
sealed class PoolWireNames(Currency currency)
{
    /// <summary>From here on odds must be shown (GLI-19 4.7.3); we always show them and say so when they are this long (R12).</summary>
    const long LongOdds = 100_000_000;

    public string Kind(PoolConfig pool) => pool.Kind == PoolKind.Progressive
        ? "a progressive jackpot; it grows with every qualifying bet until it is won."
        : $"a fixed prize of {Text(pool.SeedMicros)}.";

    public static string Funding(PoolConfig pool) =>
        $"{Percent(pool.ContributionRate)} of the bet goes into the amount shown, {Percent(pool.ReserveRate)} is set aside for the next start.";

    public string Seed(PoolConfig pool) => pool.SeedShareOfAward.Value == 0
        ? $"starts from {Text(pool.SeedMicros)}."
        : $"starts from {Percent(pool.SeedShareOfAward)} of the last prize, at least {Text(pool.SeedMicros)}.";

    public string Ceiling(PoolConfig pool) => pool.EffectiveCeilingMicros == long.MaxValue
        ? "has no ceiling."
        : $"never exceeds {Text(pool.EffectiveCeilingMicros)}; it stays there until won, and what comes in above is set aside for coming starts.";

    public string Trigger(PoolConfig pool) => pool.Trigger switch
    {
        RandomTrigger => "may be won by any qualifying bet; the chance is proportional to the bet and does not depend on the amount.",
        MustDropByAmount amount => $"must be won between {Text(amount.MinMicros)} and {Text(amount.MaxMicros)}, at an amount drawn in advance that nobody knows.",
        MustDropByTime time => $"must be won {When(time.Schedule)}, by the first bet from an instant drawn in advance that nobody knows; {Nobody(time.WhenNobodyPlays)}",
        ExternalTrigger => "is won by an outcome of the game itself.",
        RaffleTrigger raffle => $"is drawn among tickets; every full {Text(raffle.TicketPriceMicros)} of a bet is one ticket, and {raffle.Winners} tickets share the prize equally.",
        _ => throw new InvalidOperationException($"Trigger {pool.Trigger.GetType().Name} has no words."),
    };

    public string Odds(PoolConfig pool)
    {
        if (PoolMaths.AverageTurnoverMicros(pool) is not { } turnover)
        {
            return "how often it is won depends on how many take part.";
        }

        // One main unit of the currency is the measure.
        var units = (turnover / 1_000_000).CeilingOf(1);
        var average = $"for each 1 {currency} bet, the average chance is 1 in {units}.";
        return units > LongOdds ? $"{average} These odds are longer than 1 in {LongOdds}." : average;
    }

    public static string Return(PoolConfig pool) => PoolMaths.Figures(pool) is { } figures
        ? $"adds {Percent(figures.ReturnToPlayer)} of the bet to the average return of the game."
        : $"adds {Percent(pool.ContributionRate)} of the bet, and the starts that are not paid by players, to the average return of the game.";

    string Text(long micros) => new Money(micros, currency).ToString();

    static string When(Schedule schedule) => schedule switch
    {
        Hourly hourly => $"once an hour, before minute {hourly.Minute} ({hourly.TimeZone})",
        Daily daily => $"once a day, before {daily.At:HH:mm} ({daily.TimeZone})",
        Weekly weekly => $"once a week, before {weekly.Day} {weekly.At:HH:mm} ({weekly.TimeZone})",
        _ => throw new InvalidOperationException($"Schedule {schedule.GetType().Name} has no words."),
    };

    static string Nobody(WhenNobodyPlays policy) => policy switch
    {
        WhenNobodyPlays.RollsOver => "when nobody plays then, the amount stays for the next time.",
        WhenNobodyPlays.NextContributionWins => "when nobody plays then, the next bet wins it.",
        _ => throw new InvalidOperationException($"Policy {policy} has no words."),
    };

    public static string Percent(PartsPerMillion share) => Percent(new Ratio(share.Value, PartsPerMillion.Whole));

    static string Percent(Ratio share) => $"{AmountText.Format(share.FloorOf(100_000_000))} %";
}
