using Jackpot.Core.Amounts;

namespace Jackpot.Core.Voids;

/// <summary>How far voids are taken without staff: a void after a lost draw would be a free try, so there may be few of them, and soon.</summary>
/// <param name="AgeMsMax">After the bet was received.</param>
/// <param name="ShareMax">Of what the operator put into the jackpot on the bet's day.</param>
public sealed record VoidLimits(long AgeMsMax, PartsPerMillion ShareMax)
{
    const long DayMs = 24L * 3_600_000;

    /// <summary>What holds unless it is set lower.</summary>
    public static readonly VoidLimits Default = new(DayMs, new PartsPerMillion(10_000));

    /// <summary>An operator's own limits, which can only be lower.</summary>
    public VoidLimits Lowered(long? ageMsMax, int? ppmMax) => new(
        Math.Min(ageMsMax ?? AgeMsMax, AgeMsMax),
        new PartsPerMillion(Math.Min(ppmMax ?? ShareMax.Value, ShareMax.Value)));

    /// <summary>Whether one more void is within the limits.</summary>
    /// <param name="ageMs">How long ago the bet was received.</param>
    /// <param name="micros">The contribution that is taken back.</param>
    /// <param name="day">What is known of the bet's day.</param>
    public VoidLimitAnswer Check(long ageMs, long micros, in VoidDay day) =>
        ageMs > AgeMsMax ? VoidLimitAnswer.TooLate
        : day.VoidedMicros + micros <= ShareOf(day.ContributedMicros) ? VoidLimitAnswer.Within
        : VoidLimitAnswer.TooMuch;

    Int128 ShareOf(Int128 micros) => micros * ShareMax.Value / PartsPerMillion.Whole;
}

/// <summary>What an operator put into a jackpot on a day, and what was taken back of that day's bets; each of them only grows.</summary>
public readonly record struct VoidDay(Int128 ContributedMicros, Int128 VoidedMicros, long Count);

/// <summary>Whether a void is taken as it is. Checked in this order.</summary>
public enum VoidLimitAnswer
{
    Within,

    /// <summary>The bet is too long ago.</summary>
    TooLate,

    /// <summary>Too much of the day's contributions would have been taken back.</summary>
    TooMuch,
}
