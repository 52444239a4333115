using System.Collections.Immutable;

namespace Jackpot.Core.Network;

/// <summary>How awards are told and how home hears what became of them.</summary>
public static class AwardRules
{
    /// <summary>Awards that one state message tells; the oldest first, the others when these are paid.</summary>
    public const int ToldMax = 64;

    /// <summary>Home has decided awards; from this commit on they are told until their shard has paid.</summary>
    public static HomeState Announce(HomeState home, IEnumerable<NetworkAward> awards) =>
        home with { Awards = home.Awards.AddRange(awards.Select(award => new OpenAward(award, AwardProgress.Announced))) };

    /// <summary>Takes receipts of the winner's shard; those of other shards and of awards that are closed change nothing.</summary>
    public static HomeState Receive(HomeState home, string shard, ImmutableArray<AwardReceipt> receipts)
    {
        var awards = home.Awards;
        foreach (var receipt in receipts)
        {
            var index = awards.ToList().FindIndex(open => open.Award.Id == receipt.Id && open.Award.Winner.Epoch.Shard == shard);
            if (index >= 0 && receipt.Progress > awards[index].Progress)
            {
                awards = receipt.Progress == AwardProgress.Paid
                    ? awards.RemoveAt(index)
                    : awards.SetItem(index, awards[index] with { Progress = receipt.Progress });
            }
        }

        return awards == home.Awards ? home : home with { Version = home.Version + 1, Awards = awards };
    }

    /// <summary>
    /// What a shard does about an award that it hears of. Only the shard of the winning entry answers, out of its own rows: an entry that it does
    /// not have is never another of the same number.
    /// </summary>
    /// <param name="feeder">The shard's own state.</param>
    /// <param name="award">As home tells it.</param>
    /// <param name="own">Whether the shard has an entry of exactly that name, and it is a contribution.</param>
    public static AwardProgress? Resolve(FeederState feeder, NetworkAward award, OwnEntry own) =>
        award.Winner.Epoch.Shard != feeder.Epoch.Shard ? null
        : own == OwnEntry.Known ? AwardProgress.Resolved
        : AwardProgress.Unresolved;
}

/// <summary>Whether a shard has the entry that somebody names.</summary>
public enum OwnEntry
{
    Unknown,
    Known,
}
