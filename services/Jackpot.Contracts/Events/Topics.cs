namespace Jackpot.Contracts.Events;

/// <summary>The pub/sub components, each with a scope of its own: no message of one region's events or bets is seen in another.</summary>
public static class PubSub
{
    /// <summary>What happens inside a region, from its shards to whoever listens there.</summary>
    public const string Events = "events";

    /// <summary>The stream of bets inside a region, what waits for a shard, and what was refused.</summary>
    public const string Bets = "bets";
}

/// <summary>The topics of the platform; a topic carries the events of its name, as CloudEvents. Who may use which is said by the files of the components.</summary>
public static class Topics
{
    /// <summary>Bets as operators stream them in; the data of each event is a contribution as over HTTP. On <see cref="PubSub.Bets"/>, as those whose names begin with it.</summary>
    public const string Bets = "bets";

    /// <summary>Where a bet goes that is refused for good, with the reason, and what cannot be read, as it was.</summary>
    public const string RefusedBets = Bets + ".dead";

    /// <summary>What the gateway could not hand to a shard in time; that shard alone reads it. The shard's id follows.</summary>
    public const string BetsWaiting = Bets + ".wait.";

    public const string ContributionRecorded = "jp.contribution.recorded";
    public const string PoolUpdated = "jp.pool.updated";
    public const string Triggered = "jp.triggered";
    public const string PayoutRequested = "jp.payout.requested";
    public const string PayoutCredited = "jp.payout.credited";
    public const string PayoutFailed = "jp.payout.failed";
    public const string PayoutHeld = "jp.payout.held";
    public const string BalancingIncident = "audit.balancing.incident";
    public const string ConfigChanged = "audit.config.changed";
}
