using System.Collections.Immutable;
using Jackpot.Core.Ids;
using Jackpot.Core.Network;
using Jackpot.Core.Pools;
using Jackpot.Core.Tests.Play;

namespace Jackpot.Core.Tests.Network;

/// <summary>What the tests of the network rules start from: one home, one feeder, its entries.</summary>
static class Feeding
{
    public const string Shard = "bb-feeder-1";
    public const long Now = 1_700_000_000_000;

    public static readonly JackpotConfig Config = Play.Terms.Of(Play.Terms.MustDrop("mini"), Play.Terms.Random("grand") with { CeilingMicros = 2_000 * Play.Terms.Unit });

    public static readonly ShardEpoch HomeShard = ShardEpoch.Of("aa-home-1", 1);

    public static readonly FeederLimits Limits = new(1_000 * Play.Terms.Unit, 10_000 * Play.Terms.Unit);

    public static readonly HomeState Home = HomeRules.AddFeeder(HomeState.Start(Config.Id, HomeShard), Shard, Limits, Now);

    public static HomeContext Context => new(HomeShard, JackpotStatus.Active, Config, Limits, Now);

    public static ShardEpoch Epoch(int number) => ShardEpoch.Of(Shard, number);

    /// <summary>A feeder with one contribution of one unit per entry.</summary>
    public static FedShard Fed(int entries, int epoch = 1) => new FedShard(FeederState.Start(Config.Id, Epoch(epoch), Config.Pools.Length), [], []).Bet(entries);

    public static EntryMark? CountedOf(HomeState home) => home.Feeder(Shard)!.Counted;

    public static NetworkState StateOf(HomeState home, JackpotState jackpot) =>
        NetworkState.Of(home, jackpot, Config, [.. Config.Pools.Select(_ => default(Core.Draws.Commitment))], Now);
}

/// <summary>A feeder with all of its entries and the points after them; immutable, so that a test can go back to any moment as a restore does.</summary>
sealed record FedShard(FeederState Feeder, ImmutableArray<NetworkEntry> Entries, ImmutableArray<FeederPoint> Points)
{
    /// <summary>Of the present epoch.</summary>
    public FedShard Bet(int entries, long stakeMicros = Play.Terms.Unit)
    {
        var shard = this;
        for (var i = 0; i < entries; i++)
        {
            var (after, entry) = FeederRules.Contribute(shard.Feeder, Feeding.Config, stakeMicros);
            shard = new FedShard(after, shard.Entries.Add(entry), shard.Points.Add(after.Last));
        }

        return shard;
    }

    public FedShard EnterEpoch(int number) => new(FeederRules.EnterEpoch(Feeder, Feeding.Epoch(number)), [], []);

    /// <summary>Entries of the present epoch, from and to these numbers.</summary>
    public Delta Delta(int from, int to) => FeederRules.DeltaOf(
        Feeder, Feeding.Config.Version, Feeder.Began?.Mark, from == 1 ? Start : Points[from - 2].Mark, Entries[(from - 1)..to], []);

    public Delta All => Delta(1, Entries.Length);

    EntryMark Start => new(Feeder.Epoch, 0, Feeder.Began?.Mark.Totals ?? default);
}
