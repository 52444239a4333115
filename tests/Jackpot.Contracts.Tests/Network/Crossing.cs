using System.Collections.Immutable;
using Jackpot.Contracts.Network;
using Jackpot.Contracts.Signing;
using Jackpot.Core.Awards;
using Jackpot.Core.Chain;
using Jackpot.Core.Draws;
using Jackpot.Core.Ids;
using Jackpot.Core.Network;
using Jackpot.Core.Pools;

namespace Jackpot.Contracts.Tests.Network;

/// <summary>One message of each type with every field in use, and two regions that believe each other.</summary>
static class Crossing
{
    public static readonly ShardEpoch Home = ShardEpoch.Of("aa-home-1", 1);
    public static readonly ShardEpoch Feeder = ShardEpoch.Of("bb-feeder-1", 3);

    static readonly JackpotId Jackpot = JackpotId.Parse("net-pot");
    static readonly PoolId Pool = PoolId.Parse("net-pot-main");
    static readonly AwardId Award = AwardId.Of(Home, Pool, 7);
    static readonly EntryMark Began = new(ShardEpoch.Of(Feeder.Shard, 2), 40, new EntryTotals(Int128.MaxValue / 2, 7));

    public static readonly NetworkMessage Delta = new DeltaMessage(new Delta(
        Jackpot, 2, 5, Began, new EntryMark(Feeder, 10, Began.Totals),
        [new NetworkEntry(11, 1_000_000, 12_500), new NetworkEntry(12, 1_000_000, 12_500) { Voids = new EntryName(Began.Epoch, 39) }])
    {
        Receipts = [new AwardReceipt(Award, AwardProgress.Resolved), new AwardReceipt(Award, AwardProgress.Paid)],
    });

    public static readonly NetworkMessage State = new StateMessage(new NetworkState(
        Jackpot, new HomeEpoch(2, Home), 900, 1_700_000_000_000, JackpotStatus.Paused, 5,
        [new NetworkPool(Pool, 8, 1_234_567_890, new Commitment(new Hash32(Enumerable.Range(0, 32).Select(i => (byte)i).ToArray())))],
        [new CountedFeeder(Feeder.Shard, Began, SuspensionReason.LostTail), new CountedFeeder(Home.Shard, null, null)],
        [new NetworkAward(Award, Pool, 7, new EntryName(Feeder, 12), 500_000_000)]));

    public static readonly NetworkMessage Range = new RangeMessage(new RangeRequest(Jackpot, Feeder, 3, 9));

    public static readonly ImmutableArray<(NetworkMessage Message, ShardEpoch From)> All = [(Delta, Feeder), (State, Home), (Range, Home)];

    public static readonly RegionSigningKey HomeKey = RegionSigningKey.Create(new RegionKeyId("aa", "2026-11"));
    public static readonly RegionSigningKey FeederKey = RegionSigningKey.Create(new RegionKeyId("bb", "2026-11"));

    public static BorderTrust Trust(params RegionSigningKey[] more) => new(
        new RegionKeyRing([.. more.Append(HomeKey).Append(FeederKey).Select(key => new RegionPublicKey(key.Id, key.PublicKey))]),
        shard => shard == Home.Shard ? "aa" : shard == Feeder.Shard ? "bb" : null);

    public static RegionSigningKey KeyOf(ShardEpoch shard) => shard == Home ? HomeKey : FeederKey;

    public static byte[] Sealed(NetworkMessage message, ShardEpoch from, long number = 1) =>
        NetworkEnvelope.Seal(message, new Sender(from, number), KeyOf(from));

    public static (OpenedMessage? Opened, CrossingRefusal? Refusal) Open(ReadOnlySpan<byte> bytes, BorderTrust? trust = null) =>
        NetworkEnvelope.Open(bytes, trust ?? Trust(), _ => ReplayWindow.Empty);
}
