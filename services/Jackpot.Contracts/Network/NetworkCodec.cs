using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Jackpot.Core.Awards;
using Jackpot.Core.Chain;
using Jackpot.Core.Draws;
using Jackpot.Core.Ids;
using Jackpot.Core.Network;

namespace Jackpot.Contracts.Network;

/// <summary>
/// Messages to bytes and back. What is read must be, byte by byte, what would be written of it: so one message has one spelling, and no field, space,
/// repetition or escape is left in which anything else could travel.
/// </summary>
static class NetworkCodec
{
    const int ContributionNumbers = 2;
    const int VoidNumbers = 4;

    public static byte[] Write(NetworkMessage message) => message switch
    {
        DeltaMessage delta => Bytes(BodyOf(delta.Delta), NetworkJson.Default.DeltaBody),
        StateMessage state => Bytes(BodyOf(state.State), NetworkJson.Default.StateBody),
        RangeMessage range => Bytes(BodyOf(range.Request), NetworkJson.Default.RangeBody),
        _ => throw new InvalidOperationException($"{message.GetType().Name} is no message of the network."),
    };

    /// <summary>Whether there is such a type.</summary>
    public static bool Knows(string type) => type is DeltaMessage.TypeName or StateMessage.TypeName or RangeMessage.TypeName;

    /// <summary>Null when the bytes are not exactly a message of that type.</summary>
    public static NetworkMessage? Read(string type, ReadOnlySpan<byte> bytes)
    {
        try
        {
            NetworkMessage message = type switch
            {
                DeltaMessage.TypeName => new DeltaMessage(DeltaOf(Parse(bytes, NetworkJson.Default.DeltaBody))),
                StateMessage.TypeName => new StateMessage(StateOf(Parse(bytes, NetworkJson.Default.StateBody))),
                RangeMessage.TypeName => new RangeMessage(RangeOf(Parse(bytes, NetworkJson.Default.RangeBody))),
                _ => throw new FormatException($"There is no type '{type}'."),
            };
            return bytes.SequenceEqual(Write(message)) ? message : null;
        }
        catch (Exception e) when (e is JsonException or FormatException)
        {
            return null;
        }
    }

    internal static byte[] Bytes<T>(T body, JsonTypeInfo<T> type) => JsonSerializer.SerializeToUtf8Bytes(body, type);

    internal static T Parse<T>(ReadOnlySpan<byte> bytes, JsonTypeInfo<T> type) =>
        JsonSerializer.Deserialize(bytes, type) ?? throw new FormatException("The message is null.");

    static DeltaBody BodyOf(Delta delta) => new(
        delta.Jackpot.Value, delta.Before.Epoch.Shard, delta.HomeNumber, delta.TermsVersion, MarkOf(delta.Began), MarkOf(delta.Before),
        [.. delta.Entries.Select(NumbersOf)], [.. delta.Receipts.Select(receipt => new ReceiptBody(receipt.Id.Value, receipt.Progress))]);

    static Delta DeltaOf(DeltaBody body) => new(
        JackpotId.Parse(body.Jackpot), body.Home, body.Terms, MarkOf(body.Shard, body.Began), BeforeOf(body),
        [.. Each(body.Entries).Select((numbers, index) => EntryOf(body.Shard, body.Before.Sequence, index, numbers))])
    {
        Receipts = [.. Each(body.Receipts).Select(receipt => new AwardReceipt(AwardId.Parse(receipt.Award), receipt.Progress))],
    };

    static RangeBody BodyOf(RangeRequest request) =>
        new(request.Jackpot.Value, request.Epoch.Shard, request.Epoch.Number, request.FromSequence, request.ToSequence);

    static RangeRequest RangeOf(RangeBody body) => new(JackpotId.Parse(body.Jackpot), ShardEpoch.Of(body.Shard, body.Epoch), body.From, body.To);

    static StateBody BodyOf(NetworkState state) => new(
        state.Jackpot.Value, state.Home.Number, state.Home.Shard.Shard, state.Home.Shard.Number, state.Version, state.AsOfUnixMs, state.Status, state.TermsVersion,
        [.. state.Pools.Select(pool => new PoolBody(pool.Id.Value, pool.Cycle, pool.AmountMicros, pool.Commitment.ToString()))],
        [.. state.Feeders.Select(feeder => new FeederBody(feeder.Shard, MarkOf(feeder.Counted), feeder.Suspended))],
        [.. state.Awards.Select(BodyOf)]);

    static NetworkState StateOf(StateBody body) => new(
        JackpotId.Parse(body.Jackpot), new HomeEpoch(body.Home, ShardEpoch.Of(body.HomeShard, body.HomeEpoch)), body.Version, body.AsOf, body.Status, body.Terms,
        [.. Each(body.Pools).Select(pool => new NetworkPool(PoolId.Parse(pool.Pool), pool.Cycle, pool.Amount, new Commitment(Hash32.Parse(pool.Commitment))))],
        [.. Each(body.Feeders).Select(feeder => new CountedFeeder(ShardNameOf(feeder.Shard), MarkOf(feeder.Shard, feeder.Counted), feeder.Suspended))],
        [.. Each(body.Awards).Select(award => new NetworkAward(
            AwardId.Parse(award.Award), PoolId.Parse(award.Pool), award.Cycle, new EntryName(ShardEpoch.Of(award.Shard, award.Epoch), award.Sequence), award.Amount))]);

    static AwardBody BodyOf(NetworkAward award) => new(
        award.Id.Value, award.Pool.Value, award.Cycle, award.Winner.Epoch.Shard, award.Winner.Epoch.Number, award.Winner.Sequence, award.AmountMicros);

    static MarkBody? MarkOf(EntryMark? mark) => mark is { } at ? MarkOf(at) : null;

    static MarkBody MarkOf(EntryMark mark) => new(mark.Epoch.Number, mark.Sequence, mark.Totals.ContributedMicros, mark.Totals.VoidedMicros);

    static EntryMark? MarkOf(string shard, MarkBody? body) =>
        body is null ? null : new EntryMark(ShardEpoch.Of(shard, body.Epoch), body.Sequence, new EntryTotals(body.Contributed, body.Voided));

    static EntryMark BeforeOf(DeltaBody body) => MarkOf(body.Shard, body.Before)!.Value;

    static long[] NumbersOf(NetworkEntry entry) => entry.Voids is { } voided
        ? [entry.StakeMicros, entry.ContributionMicros, voided.Epoch.Number, voided.Sequence]
        : [entry.StakeMicros, entry.ContributionMicros];

    static NetworkEntry EntryOf(string shard, long before, int index, long[] numbers)
    {
        // Whether the numbers make sense is asked by the rules; here only that none is lost.
        var entry = numbers.Length is ContributionNumbers or VoidNumbers && before is >= 0 and < long.MaxValue - Delta.EntriesMax && index < Delta.EntriesMax
            ? new NetworkEntry(before + 1 + index, numbers[0], numbers[1])
            : throw new FormatException("An entry has two numbers, and of a void four.");
        return numbers.Length == ContributionNumbers
            ? entry
            : entry with { Voids = new EntryName(ShardEpoch.Of(shard, numbers[2] is >= 1 and <= int.MaxValue ? (int)numbers[2] : 0), numbers[3]) };
    }

    // The parser takes a null for an element of a list, whatever the list's type says.
    static IEnumerable<T> Each<T>(IReadOnlyList<T> list) => list.Select(one => one ?? throw new FormatException("There is a null in a list."));

    static string ShardNameOf(string text) => ShardEpoch.Of(text, 1).Shard;
}
