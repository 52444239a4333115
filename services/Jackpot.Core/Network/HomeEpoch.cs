using Jackpot.Core.Ids;

namespace Jackpot.Core.Network;

/// <summary>Who decides over a network jackpot: the number rises with every move of the home, and only the highest counts.</summary>
/// <param name="Number">From 1.</param>
/// <param name="Shard">The shard, and the epoch of its database, in which this home began.</param>
public readonly record struct HomeEpoch(int Number, ShardEpoch Shard)
{
    public HomeEpoch MovedTo(ShardEpoch shard) => new(Number + 1, shard);

    public override string ToString() => $"home {Number} on {Shard}";
}
