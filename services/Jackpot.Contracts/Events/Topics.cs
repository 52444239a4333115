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

    /// <summary>Where a bet goes that was tried to the end; the shards keep it.</summary>
    public const string RefusedBets = Bets + ".dead";

    const string Waiting = Bets + ".wait.";

    /// <summary>Where any other event goes that was tried to the end; whoever subscribes to one names this as its dead letter topic, and the shards keep it.</summary>
    public const string DeadEvents = "jp.dead";

    public const string ContributionRecorded = "jp.contribution.recorded";
    public const string ContributionVoided = "jp.contribution.voided";
    public const string PoolUpdated = "jp.pool.updated";
    public const string Triggered = "jp.triggered";
    public const string PayoutRequested = "jp.payout.requested";
    public const string PayoutCredited = "jp.payout.credited";
    public const string PayoutFailed = "jp.payout.failed";
    public const string PayoutHeld = "jp.payout.held";
    public const string BalancingIncident = "audit.balancing.incident";
    public const string ConfigChanged = "audit.config.changed";

    /// <summary>What the gateway could not hand to a shard in time; that shard alone reads it.</summary>
    public static string BetsWaitingFor(string shard) => Waiting + shard;

    /// <summary>Whether it is one of the platform's own topics on <see cref="PubSub.Bets"/>.</summary>
    public static bool IsOfBets(string topic) => topic is Bets or RefusedBets || topic.StartsWith(Waiting, StringComparison.Ordinal);
}
