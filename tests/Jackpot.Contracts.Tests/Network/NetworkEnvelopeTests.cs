using System.Text;
using System.Text.Json.Nodes;
using Jackpot.Contracts.Network;
using Jackpot.Contracts.Signing;
using Jackpot.Core.Ids;

namespace Jackpot.Contracts.Tests.Network;

public sealed class NetworkEnvelopeTests
{
    [Fact]
    public void What_a_region_has_sealed_another_opens() => Assert.All(Crossing.All, one =>
    {
        var (opened, refusal) = Crossing.Open(Crossing.Sealed(one.Message, one.From, 5));
        Assert.Null(refusal);
        Assert.Equivalent(one.Message, opened!.Message, strict: true);
        Assert.Equal(new Sender(one.From, 5), opened.Sender);
    });

    [Fact]
    public void No_byte_of_an_envelope_can_be_changed() => Assert.All(Crossing.All, one =>
    {
        var bytes = Crossing.Sealed(one.Message, one.From);
        for (var at = 0; at < bytes.Length; at++)
        {
            var changed = bytes.ToArray();
            changed[at] ^= 1;
            var (opened, refusal) = Crossing.Open(changed);
            Assert.True(opened is null && refusal is not null, $"byte {at}");
        }
    });

    [Theory]
    [InlineData("type", "jp.network.delta.v2", CrossingRefusal.UnknownType)]
    [InlineData("type", "jp.contribution.recorded", CrossingRefusal.UnknownType)]
    [InlineData("type", "jp.network.range.v1", CrossingRefusal.Forged)]
    [InlineData("shard", "cc-stranger-1", CrossingRefusal.UnknownShard)]
    [InlineData("shard", "Not A Shard", CrossingRefusal.MalformedEnvelope)]
    [InlineData("shard", "aa-home-1", CrossingRefusal.KeyOfOtherRegion)]
    [InlineData("key", "2020-01", CrossingRefusal.UnknownKey)]
    [InlineData("region", "cc", CrossingRefusal.UnknownKey)]
    [InlineData("region", "aa", CrossingRefusal.KeyOfOtherRegion)]
    [InlineData("signature", "", CrossingRefusal.NotSigned)]
    [InlineData("signature", "AAAA", CrossingRefusal.Forged)]
    [InlineData("signature", "not base64", CrossingRefusal.MalformedEnvelope)]
    [InlineData("message", "e30=", CrossingRefusal.Forged)]
    [InlineData("player_id", "p-1", CrossingRefusal.MalformedEnvelope)]
    public void A_changed_envelope_is_refused_by_name(string field, string value, CrossingRefusal reason)
    {
        var envelope = JsonNode.Parse(Crossing.Sealed(Crossing.Delta, Crossing.Feeder))!.AsObject();
        envelope[field] = value;
        Assert.Equal(reason, Crossing.Open(Bytes(envelope)).Refusal);
    }

    [Theory]
    [InlineData("epoch", 4, CrossingRefusal.Forged)]
    [InlineData("epoch", 0, CrossingRefusal.MalformedEnvelope)]
    [InlineData("number", 2, CrossingRefusal.Forged)]
    public void Number_and_epoch_are_signed(string field, int value, CrossingRefusal reason)
    {
        var envelope = JsonNode.Parse(Crossing.Sealed(Crossing.Delta, Crossing.Feeder))!.AsObject();
        envelope[field] = value;
        Assert.Equal(reason, Crossing.Open(Bytes(envelope)).Refusal);
    }

    [Fact]
    public void A_stranger_with_a_name_of_ours_is_forged()
    {
        using var stranger = RegionSigningKey.Create(Crossing.FeederKey.Id);
        var bytes = NetworkEnvelope.Seal(Crossing.Delta, new Sender(Crossing.Feeder, 1), stranger);
        Assert.Equal(CrossingRefusal.Forged, Crossing.Open(bytes).Refusal);
    }

    [Fact]
    public void A_shard_speaks_for_itself_alone()
    {
        var delta = NetworkEnvelope.Seal(Crossing.Delta, new Sender(Crossing.Home, 1), Crossing.HomeKey);
        Assert.Equal(CrossingRefusal.SpeaksForAnother, Crossing.Open(delta).Refusal);
        var state = NetworkEnvelope.Seal(Crossing.State, new Sender(Crossing.Feeder, 1), Crossing.FeederKey);
        Assert.Equal(CrossingRefusal.SpeaksForAnother, Crossing.Open(state).Refusal);
    }

    [Fact]
    public void What_a_region_signs_and_is_no_message_is_malformed()
    {
        // Only the owner of the key can do that: sign a message with one more field.
        var body = NetworkCodec.Parse(Crossing.Sealed(Crossing.Delta, Crossing.Feeder), NetworkJson.Default.EnvelopeBody);
        var more = Encoding.UTF8.GetString(body.Message)[..^1] + ",\"player_id\":\"p-1\"}";
        var bytes = NetworkEnvelope.Seal(body with { Message = Encoding.UTF8.GetBytes(more) }, Crossing.FeederKey);
        Assert.Equal(CrossingRefusal.MalformedMessage, Crossing.Open(bytes).Refusal);
    }

    [Fact]
    public void More_bytes_than_any_message_has_are_not_looked_at() =>
        Assert.Equal(CrossingRefusal.TooLarge, Crossing.Open(new byte[NetworkEnvelope.BytesMax + 1]).Refusal);

    [Theory]
    [InlineData("")]
    [InlineData("null")]
    [InlineData("[]")]
    [InlineData("{}")]
    [InlineData("{\"type\":null}")]
    public void What_is_no_envelope_is_malformed(string text) =>
        Assert.Equal(CrossingRefusal.MalformedEnvelope, Crossing.Open(Encoding.UTF8.GetBytes(text)).Refusal);

    [Fact]
    public void Both_keys_are_believed_while_a_region_rotates_and_the_old_one_no_more_afterwards()
    {
        using var next = RegionSigningKey.Create(new RegionKeyId("bb", "2026-12"));
        var (old, @new) = (Crossing.Sealed(Crossing.Delta, Crossing.Feeder), NetworkEnvelope.Seal(Crossing.Delta, new Sender(Crossing.Feeder, 2), next));
        Assert.Equal(CrossingRefusal.UnknownKey, Crossing.Open(@new).Refusal);
        Assert.All((byte[][])[old, @new], bytes => Assert.Null(Crossing.Open(bytes, Crossing.Trust(next)).Refusal));

        var after = new BorderTrust(new RegionKeyRing([new RegionPublicKey(next.Id, next.PublicKey)]), Crossing.Trust().RegionOfShard);
        Assert.Equal(CrossingRefusal.UnknownKey, Crossing.Open(old, after).Refusal);
        Assert.Null(Crossing.Open(@new, after).Refusal);
    }

    [Fact]
    public void A_message_is_opened_once()
    {
        var window = ReplayWindow.Empty;
        var bytes = Crossing.Sealed(Crossing.Delta, Crossing.Feeder, 7);
        var (opened, _) = NetworkEnvelope.Open(bytes, Crossing.Trust(), _ => window);
        window = opened!.Window;
        Assert.Equal(CrossingRefusal.Replayed, NetworkEnvelope.Open(bytes, Crossing.Trust(), _ => window).Refusal);
        Assert.Null(NetworkEnvelope.Open(Crossing.Sealed(Crossing.Delta, Crossing.Feeder, 6), Crossing.Trust(), _ => window).Refusal);
        var earlier = ShardEpoch.Of(Crossing.Feeder.Shard, 2);
        var past = NetworkEnvelope.Seal(Crossing.Range, new Sender(earlier, 900), Crossing.FeederKey);
        Assert.Equal(CrossingRefusal.Replayed, NetworkEnvelope.Open(past, Crossing.Trust(), _ => window).Refusal);
    }

    static byte[] Bytes(JsonObject envelope) => Encoding.UTF8.GetBytes(envelope.ToJsonString(new System.Text.Json.JsonSerializerOptions
    {
        Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    }));
}
