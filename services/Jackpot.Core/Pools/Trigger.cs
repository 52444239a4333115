namespace Jackpot.Core.Pools;

/// <summary>What makes a pool drop. Closed: every place that decides over triggers handles every kind.</summary>
public abstract record Trigger
{
    private protected Trigger()
    {
    }
}

/// <summary>Every stake has a chance of stake / turnover, whatever the pool holds.</summary>
/// <param name="TurnoverPerDropMicros">Stakes that bring one drop on average, in the home currency; above zero.</param>
public sealed record RandomTrigger(long TurnoverPerDropMicros) : Trigger;

/// <summary>The pool falls when it reaches a hidden amount, uniform between the two bounds, both included.</summary>
/// <param name="MinMicros">The least amount it may fall at, as advertised.</param>
/// <param name="MaxMicros">The amount that it cannot pass; it acts as the ceiling when no lower one is set.</param>
public sealed record MustDropByAmount(long MinMicros, long MaxMicros) : Trigger;
