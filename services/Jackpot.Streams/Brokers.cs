namespace Jackpot.Streams;

/// <summary>The one place that names Dapr's pub/sub components.</summary>
public static class Brokers
{
    /// <summary>Where a region's bets come in and wait.</summary>
    public const string Bets = "pubsub";

    /// <summary>Where a region's events go out.</summary>
    public const string Events = Bets;
}
