using System.Collections.Immutable;
using Jackpot.Core.Schedules;

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

/// <summary>The pool falls when it reaches a hidden amount between the two bounds, both included.</summary>
/// <param name="MinMicros">It never falls before it holds this much, as advertised.</param>
/// <param name="MaxMicros">The amount that it cannot pass; it acts as the ceiling when no lower one is set.</param>
public sealed record MustDropByAmount(long MinMicros, long MaxMicros) : Trigger
{
    /// <summary>
    /// Cuts the range into as many equal segments and weighs them: 10, 20, 50 puts 12.5, 25 and 62.5 percent of the drops into its thirds.
    /// Empty means that every amount is as likely as any other.
    /// </summary>
    public ImmutableArray<int> Weights { get; init; } = [];

    public bool Equals(MustDropByAmount? other) =>
        other is not null && MinMicros == other.MinMicros && MaxMicros == other.MaxMicros && Weights.SequenceEqual(other.Weights);

    public override int GetHashCode() => HashCode.Combine(MinMicros, MaxMicros, Weights.Length);
}

/// <summary>The pool falls to the first contribution at or after a hidden instant, which lies before the deadline of a recurring window. One drop per window.</summary>
/// <param name="Schedule">When the deadlines are.</param>
/// <param name="WhenNobodyPlays">What becomes of it when no contribution comes between the hidden instant and the deadline.</param>
public sealed record MustDropByTime(Schedule Schedule, WhenNobodyPlays WhenNobodyPlays) : Trigger;

/// <summary>What becomes of a timed drop that nobody was there to win. To be told in the rules of the game.</summary>
public enum WhenNobodyPlays
{
    /// <summary>The first contribution after the deadline wins it.</summary>
    NextContributionWins,

    /// <summary>The amount stays, and a new hidden instant is drawn in the next window.</summary>
    RollsOver,
}

/// <summary>Nobody but the game decides: the pool falls when its server says so.</summary>
public sealed record ExternalTrigger : Trigger;

/// <summary>Stakes buy tickets; when the raffle is drawn, tickets win.</summary>
/// <param name="TicketPriceMicros">Each full price in a stake is one ticket; above zero.</param>
/// <param name="Winners">How many different tickets are drawn; the award is shared equally among them.</param>
public sealed record RaffleTrigger(long TicketPriceMicros, int Winners) : Trigger
{
    /// <summary>More winners than any raffle names, and few enough to draw at once.</summary>
    public const int WinnersMax = 1_000;
}
