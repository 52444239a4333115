namespace Jackpot.Core.Pools;

/// <summary>What each kind of trigger demands of its tier.</summary>
static class TriggerChecks
{
    const int SegmentsMax = 100;
    const int WeightMax = 1_000;

    public static void Run(PoolCheck check)
    {
        switch (check.Pool.Trigger)
        {
            case RandomTrigger random:
                Check(random, check);
                break;
            case MustDropByAmount mustDrop:
                Check(mustDrop, check);
                break;
            case MustDropByTime mustDrop:
                Check(mustDrop, check);
                break;
            case RaffleTrigger raffle:
                Check(raffle, check);
                break;
            case ExternalTrigger:
                break;
            default:
                throw new InvalidOperationException($"Trigger {check.Pool.Trigger.GetType().Name} has no validation.");
        }
    }

    static void Check(RandomTrigger random, PoolCheck check)
    {
        check.Amount(random.TurnoverPerDropMicros, "turnover per drop");
        check.Refuse(random.TurnoverPerDropMicros <= 0, ConfigFaultKind.TurnoverNotPositive,
            $"The turnover per drop is {check.Text(random.TurnoverPerDropMicros)}; it must be above zero.");
        MayDropAtOnce(check);
    }

    static void Check(MustDropByAmount mustDrop, PoolCheck check)
    {
        var (min, max, seed) = (mustDrop.MinMicros, mustDrop.MaxMicros, check.Pool.SeedMicros);
        check.Amount(min, "minimum");
        check.Amount(max, "maximum");
        check.Refuse(min < check.MinorUnitMicros, ConfigFaultKind.MinNotPayable,
            $"The minimum is {check.Text(min)}; an award is at least {check.Text(check.MinorUnitMicros)}.");
        check.WholeMinorUnits(min, ConfigFaultKind.MinNotWholeMinorUnits, "minimum");
        check.WholeMinorUnits(max, ConfigFaultKind.MaxNotWholeMinorUnits, "maximum");
        check.Refuse(min > max, ConfigFaultKind.MinAboveMax, $"The minimum is {check.Text(min)}, above the maximum of {check.Text(max)}.");
        check.Refuse(min < seed, ConfigFaultKind.MinBelowSeed, $"The minimum is {check.Text(min)}, but a cycle starts from {check.Text(seed)}.");
        check.Refuse(max <= seed, ConfigFaultKind.MaxNotAboveSeed, $"The maximum is {check.Text(max)}; it must be above the seed of {check.Text(seed)}.");
        check.Refuse(max > check.Pool.CeilingMicros, ConfigFaultKind.MaxAboveCeiling,
            $"The maximum is {check.Text(max)}, above the ceiling of {check.Text(check.Pool.CeilingMicros ?? max)}: it could not be reached.");
        check.Refuse(check.Pool.Kind == PoolKind.Fixed, ConfigFaultKind.FixedCannotReachAmount, "A fixed pool does not grow, so it would never fall by amount.");
        CheckWeights(mustDrop, check);
    }

    // The last segment must weigh something, or a pool redrawn near its maximum would have nowhere to fall.
    static void CheckWeights(MustDropByAmount mustDrop, PoolCheck check)
    {
        var weights = mustDrop.Weights;
        check.Refuse(weights.Length > SegmentsMax || weights.Any(weight => weight is < 0 or > WeightMax) || (!weights.IsEmpty && weights[^1] == 0),
            ConfigFaultKind.WeightsOutOfRange, $"The weights are {string.Join(", ", weights)}; at most {SegmentsMax} of 0 to {WeightMax} are allowed, the last above zero.");
    }

    static void Check(MustDropByTime mustDrop, PoolCheck check)
    {
        check.Refuse(!mustDrop.Schedule.TimeZoneIsKnown, ConfigFaultKind.TimeZoneUnknown, $"The time zone '{mustDrop.Schedule.TimeZone}' is not known.");
        check.Refuse(mustDrop.Schedule is Schedules.Hourly { Minute: < 0 or > 59 }, ConfigFaultKind.MinuteOutOfRange, "The minute of an hourly schedule is 0 to 59.");
        MayDropAtOnce(check);
    }

    static void Check(RaffleTrigger raffle, PoolCheck check)
    {
        check.Amount(raffle.TicketPriceMicros, "ticket price");
        check.Refuse(raffle.TicketPriceMicros <= 0, ConfigFaultKind.TicketPriceNotPositive,
            $"The ticket price is {check.Text(raffle.TicketPriceMicros)}; it must be above zero.");
        check.Refuse(raffle.Winners is < 1 or > RaffleTrigger.WinnersMax, ConfigFaultKind.WinnersOutOfRange,
            $"The raffle has {raffle.Winners} winners; 1 to {RaffleTrigger.WinnersMax} are allowed.");
    }

    // The very first stake of a cycle may win, and an award of nothing is none.
    static void MayDropAtOnce(PoolCheck check) =>
        check.Refuse(check.Pool.SeedMicros < check.MinorUnitMicros, ConfigFaultKind.SeedNotPayable,
            $"The seed is {check.Text(check.Pool.SeedMicros)}; a pool that may drop at once must start from at least {check.Text(check.MinorUnitMicros)}.");
}
