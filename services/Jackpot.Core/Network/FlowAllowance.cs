namespace Jackpot.Core.Network;

/// <summary>
/// How much a feeder may still send: it refills evenly and holds a day at most, so that what was kept back while home was away fits in at once,
/// and a feeder that is out of line does not.
/// </summary>
/// <param name="LeftMicros">Stakes that may still come, in the home currency.</param>
/// <param name="AtUnixMs">When that was so, by home's clock.</param>
public readonly record struct FlowAllowance(long LeftMicros, long AtUnixMs)
{
    const long MsPerHour = 3_600_000;
    const long HoursHeldMax = 24;

    public static FlowAllowance Full(FeederLimits limits, long nowUnixMs) => new(CapacityMicros(limits), nowUnixMs);

    /// <summary>The allowance after so much, or null when it does not suffice. A clock that goes backwards refills nothing.</summary>
    public FlowAllowance? Take(FeederLimits limits, Int128 stakeMicros, long nowUnixMs)
    {
        var sinceMs = Math.Max(nowUnixMs - AtUnixMs, 0);
        var refilled = Int128.Min(LeftMicros + (Int128)limits.StakeMicrosPerHour * sinceMs / MsPerHour, CapacityMicros(limits));
        return stakeMicros <= refilled ? new FlowAllowance((long)(refilled - stakeMicros), Math.Max(nowUnixMs, AtUnixMs)) : null;
    }

    static long CapacityMicros(FeederLimits limits) => (long)Int128.Min((Int128)limits.StakeMicrosPerHour * HoursHeldMax, long.MaxValue);
}

/// <summary>What home takes from one feeder, in micro-units of the home currency.</summary>
/// <param name="StakeMicrosMax">The largest stake of one entry.</param>
/// <param name="StakeMicrosPerHour">All stakes of an hour, on average over a day.</param>
public readonly record struct FeederLimits(long StakeMicrosMax, long StakeMicrosPerHour);
