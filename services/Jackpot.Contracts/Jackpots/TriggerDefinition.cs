using System.Text.Json.Serialization;
using Jackpot.Contracts.Amounts;
using Jackpot.Core.Pools;
using Jackpot.Core.Schedules;

namespace Jackpot.Contracts.Jackpots;

/// <summary>What makes a pool drop; <c>kind</c> chooses.</summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "kind")]
[JsonDerivedType(typeof(RandomTriggerDefinition), "random")]
[JsonDerivedType(typeof(MustDropByAmountDefinition), "must_drop_by_amount")]
[JsonDerivedType(typeof(MustDropByTimeDefinition), "must_drop_by_time")]
[JsonDerivedType(typeof(ExternalTriggerDefinition), "external")]
[JsonDerivedType(typeof(RaffleTriggerDefinition), "raffle")]
public abstract record TriggerDefinition
{
    internal abstract Trigger ToTrigger();
}

/// <summary>One drop per <c>turnover_per_drop</c> of stakes on average, each stake's chance proportional to its size.</summary>
public sealed record RandomTriggerDefinition(
    [property: JsonRequired, JsonPropertyName("turnover_per_drop"), JsonConverter(typeof(AmountInputConverter))] long TurnoverPerDropMicros) : TriggerDefinition
{
    internal override Trigger ToTrigger() => new RandomTrigger(TurnoverPerDropMicros);
}

/// <summary>Falls at a hidden amount between <c>min</c> and <c>max</c>; weights, when given, cut the range into equal segments.</summary>
public sealed record MustDropByAmountDefinition(
    [property: JsonRequired, JsonPropertyName("min"), JsonConverter(typeof(AmountInputConverter))] long MinMicros,
    [property: JsonRequired, JsonPropertyName("max"), JsonConverter(typeof(AmountInputConverter))] long MaxMicros,
    IReadOnlyList<int>? Weights = null) : TriggerDefinition
{
    internal override Trigger ToTrigger() => new MustDropByAmount(MinMicros, MaxMicros) { Weights = [.. Weights ?? []] };
}

/// <summary>Falls to the first contribution at or after a hidden instant before each deadline of the schedule.</summary>
public sealed record MustDropByTimeDefinition(
    [property: JsonRequired] ScheduleDefinition Schedule, [property: JsonRequired] WhenNobodyPlays WhenNobodyPlays) : TriggerDefinition
{
    internal override Trigger ToTrigger() => new MustDropByTime(Schedule.ToSchedule(), WhenNobodyPlays);
}

/// <summary>Falls when a game's server says so; who may be that server's operator stands in <c>callers</c>.</summary>
/// <param name="WinnersMustHaveContributed">Whether every winner must have put something into the running cycle; true when left out.</param>
public sealed record ExternalTriggerDefinition(bool? WinnersMustHaveContributed = null) : TriggerDefinition
{
    internal override Trigger ToTrigger() => new ExternalTrigger();
}

/// <summary>Every full <c>ticket_price</c> of a stake is a ticket; when the raffle is drawn, so many tickets share the award.</summary>
public sealed record RaffleTriggerDefinition(
    [property: JsonRequired, JsonPropertyName("ticket_price"), JsonConverter(typeof(AmountInputConverter))] long TicketPriceMicros,
    [property: JsonRequired] int Winners) : TriggerDefinition
{
    internal override Trigger ToTrigger() => new RaffleTrigger(TicketPriceMicros, Winners);
}

/// <summary>Recurring deadlines on the clock of an IANA time zone; <c>every</c> chooses.</summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "every")]
[JsonDerivedType(typeof(HourlyDefinition), "hour")]
[JsonDerivedType(typeof(DailyDefinition), "day")]
[JsonDerivedType(typeof(WeeklyDefinition), "week")]
public abstract record ScheduleDefinition
{
    internal abstract Schedule ToSchedule();
}

/// <summary>Whenever the clock shows this minute.</summary>
public sealed record HourlyDefinition([property: JsonRequired] string TimeZone, [property: JsonRequired] int Minute) : ScheduleDefinition
{
    internal override Schedule ToSchedule() => new Hourly(TimeZone, Minute);
}

/// <summary>Every day at this time, for example <c>21:00:00</c>.</summary>
public sealed record DailyDefinition([property: JsonRequired] string TimeZone, [property: JsonRequired] TimeOnly At) : ScheduleDefinition
{
    internal override Schedule ToSchedule() => new Daily(TimeZone, At);
}

/// <summary>Every week on this day at this time.</summary>
public sealed record WeeklyDefinition(
    [property: JsonRequired] string TimeZone, [property: JsonRequired] DayOfWeek Day, [property: JsonRequired] TimeOnly At) : ScheduleDefinition
{
    internal override Schedule ToSchedule() => new Weekly(TimeZone, Day, At);
}
