namespace Jackpot.Bench.Load;

/// <summary>When the next request starts.</summary>
enum Loop
{
    /// <summary>After the answer to the one before it on the same connection.</summary>
    Closed,

    /// <summary>When the rate says so. Latency counts from that moment, also when no connection was free, so that a stall is not hidden.</summary>
    Open,

    /// <summary>When the rate says so and a connection is free; turns that found none are counted, not made up for. Latency counts from sending.</summary>
    Overload,
}

/// <param name="PerSecond">Requests a second; 0 in a closed loop.</param>
readonly record struct Pace(Loop Loop, double PerSecond)
{
    internal static readonly Pace Closed = new(Loop.Closed, 0);

    internal static Pace Open(double perSecond) => new(Loop.Open, perSecond);

    internal static Pace Overload(double perSecond) => new(Loop.Overload, perSecond);
}
