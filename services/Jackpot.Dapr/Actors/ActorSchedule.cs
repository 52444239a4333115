using System.Globalization;
using System.Text.Json.Serialization;
using Jackpot.Dapr.Client;

namespace Jackpot.Dapr.Actors;

/// <summary>A durable reminder of an actor.</summary>
public interface IActorReminder
{
    /// <summary>Name within the actor.</summary>
    string Name { get; }

    /// <summary>Bytes that come with each tick.</summary>
    byte[] State { get; }

    /// <summary>Until the first tick.</summary>
    TimeSpan DueTime { get; }

    /// <summary>Between ticks; negative for a single tick.</summary>
    TimeSpan Period { get; }
}

internal sealed record ActorReminder(string Name, byte[] State, TimeSpan DueTime, TimeSpan Period, int? Repetitions, TimeSpan? Ttl) : IActorReminder;

/// <summary>A timer of an actor; lives in the sidecar's memory only.</summary>
public sealed record ActorTimer(string Name, string Callback, byte[] Data, TimeSpan DueTime, TimeSpan Period, TimeSpan? Ttl);

/// <summary>The JSON of reminders and timers. <c>data</c> is the bytes in base64, as the official SDKs send it.</summary>
internal sealed record ActorSchedule
{
    public string? DueTime { get; init; }

    public string? Period { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Ttl { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Callback { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public byte[]? Data { get; init; }

    public static ActorSchedule Of(ActorReminder reminder) => new()
    {
        DueTime = DaprDuration.Format(reminder.DueTime),
        Period = DaprDuration.FormatPeriod(reminder.Period, reminder.Repetitions),
        Ttl = reminder.Ttl is { } ttl ? DaprDuration.Format(ttl) : null,
        Data = reminder.State,
    };

    public static ActorSchedule Of(ActorTimer timer) => new()
    {
        DueTime = DaprDuration.Format(timer.DueTime),
        Period = DaprDuration.FormatPeriod(timer.Period, null),
        Ttl = timer.Ttl is { } ttl ? DaprDuration.Format(ttl) : null,
        Callback = timer.Callback,
        Data = timer.Data,
    };

    public IActorReminder ToReminder(string name) => new ActorReminder(
        name, Data ?? [], DaprDuration.Parse(DueTime), DaprDuration.Parse(Period), null, null);
}
