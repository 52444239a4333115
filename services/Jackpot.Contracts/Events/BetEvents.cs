namespace Jackpot.Contracts.Events;

/// <summary>Types of events on the topics of bets; anything else is an operator's own.</summary>
public static class BetEvents
{
    /// <summary>The data is a contribution.</summary>
    public const string Bet = "jp.bet";

    /// <summary>The data takes a contribution back.</summary>
    public const string Void = "jp.void";

    /// <summary>The data is what is refused, and why.</summary>
    public const string Refused = "jp.bet.refused";

    /// <summary>Says nothing; that it comes back shows that a subscription is alive. Every reader passes over it.</summary>
    public const string Canary = "jp.canary";

    /// <summary>What Dapr writes where a publisher names no type.</summary>
    public const string DaprDefault = "com.dapr.event.sent";
}
