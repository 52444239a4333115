using System.Buffers.Binary;
using System.Text;
using System.Text.Json;
using Jackpot.Contracts.Signing;
using Jackpot.Core.Ids;

namespace Jackpot.Contracts.Network;

/// <summary>Who sends a message, and the how manieth of its border log it is.</summary>
/// <param name="Epoch">The sending shard in its present epoch.</param>
/// <param name="Number">From 1, rising without gaps in an epoch.</param>
public readonly record struct Sender(ShardEpoch Epoch, long Number);

/// <summary>What was opened: a message that the shard's region has signed, and the window to store with whatever is done about it.</summary>
public sealed record OpenedMessage(NetworkMessage Message, Sender Sender, ReplayWindow Window);

/// <summary>What a border knows: whose shards and keys it believes.</summary>
/// <param name="Keys">Public keys of all regions.</param>
/// <param name="RegionOfShard">Where each shard is; null for one that is in none.</param>
public sealed record BorderTrust(RegionKeyRing Keys, Func<string, string?> RegionOfShard);

sealed record EnvelopeBody(string Type, string Shard, int Epoch, long Number, string Region, string Key, byte[] Message, byte[] Signature);

/// <summary>The only way out of a region and into one: seals a message under the region's key, opens what another region has sealed.</summary>
public static class NetworkEnvelope
{
    /// <summary>A delta of a thousand entries with the largest amounts stays below it.</summary>
    public const int BytesMax = 128 * 1024;

    static readonly byte[] Domain = "jackpot.network.v1"u8.ToArray();

    /// <summary>The bytes that cross.</summary>
    /// <exception cref="InvalidOperationException">They would be more than any border takes.</exception>
    public static byte[] Seal(NetworkMessage message, Sender sender, RegionSigningKey key)
    {
        var bytes = Seal(new EnvelopeBody(
            message.Type, sender.Epoch.Shard, sender.Epoch.Number, sender.Number, key.Id.Region, key.Id.Name, NetworkCodec.Write(message), []), key);
        return bytes.Length <= BytesMax
            ? bytes
            : throw new InvalidOperationException($"A message of {bytes.Length} bytes was to cross; at most {BytesMax} may. Send it in parts.");
    }

    internal static byte[] Seal(EnvelopeBody body, RegionSigningKey key) =>
        NetworkCodec.Bytes(body with { Signature = key.Sign(SignedBytes(body)) }, NetworkJson.Default.EnvelopeBody);

    /// <summary>The message, or why it is refused.</summary>
    /// <param name="bytes">As they came.</param>
    /// <param name="trust">Whom this border believes.</param>
    /// <param name="seen">What came of each shard before; <see cref="ReplayWindow.Empty"/> for one that was never heard.</param>
    public static (OpenedMessage? Opened, CrossingRefusal? Refusal) Open(ReadOnlySpan<byte> bytes, BorderTrust trust, Func<string, ReplayWindow> seen)
    {
        if (bytes.Length > BytesMax)
        {
            return (null, CrossingRefusal.TooLarge);
        }

        if (Parse(bytes) is not { } body)
        {
            return (null, CrossingRefusal.MalformedEnvelope);
        }

        if (Distrust(body, trust) is { } refusal)
        {
            return (null, refusal);
        }

        var sender = new Sender(ShardEpoch.Of(body.Shard, body.Epoch), body.Number);
        return NetworkCodec.Read(body.Type, body.Message) switch
        {
            null => (null, CrossingRefusal.MalformedMessage),
            var message when !SpeaksForItself(message, sender.Epoch.Shard) => (null, CrossingRefusal.SpeaksForAnother),
            var message => seen(body.Shard).Take(body.Epoch, body.Number) is { } window
                ? (new OpenedMessage(message, sender, window), null)
                : (null, CrossingRefusal.Replayed),
        };
    }

    static CrossingRefusal? Distrust(EnvelopeBody body, BorderTrust trust)
    {
        if (!NetworkCodec.Knows(body.Type))
        {
            return CrossingRefusal.UnknownType;
        }

        var key = trust.Keys.Find(new RegionKeyId(body.Region, body.Key));
        return trust.RegionOfShard(body.Shard) switch
        {
            null => CrossingRefusal.UnknownShard,
            _ when key is null => CrossingRefusal.UnknownKey,
            var region when region != key.Id.Region => CrossingRefusal.KeyOfOtherRegion,
            _ when body.Signature.Length == 0 => CrossingRefusal.NotSigned,
            _ => key.Verify(SignedBytes(body), body.Signature) ? null : CrossingRefusal.Forged,
        };
    }

    static EnvelopeBody? Parse(ReadOnlySpan<byte> bytes)
    {
        try
        {
            var body = NetworkCodec.Parse(bytes, NetworkJson.Default.EnvelopeBody);
            _ = ShardEpoch.Of(body.Shard, body.Epoch);
            return bytes.SequenceEqual(NetworkCodec.Bytes(body, NetworkJson.Default.EnvelopeBody)) ? body : null;
        }
        catch (Exception e) when (e is JsonException or FormatException)
        {
            return null;
        }
    }

    // A shard tells its own entries, and home its own decisions; a range is asked for by whoever is home, which the rules know.
    static bool SpeaksForItself(NetworkMessage message, string shard) => message switch
    {
        DeltaMessage delta => delta.Delta.Before.Epoch.Shard == shard,
        StateMessage state => state.State.Home.Shard.Shard == shard,
        _ => true,
    };

    // Everything but the signature, each part with its length before it, so that no two envelopes sign alike.
    static byte[] SignedBytes(EnvelopeBody body)
    {
        using var signed = new MemoryStream();
        Part(signed, Domain);
        foreach (var text in (string[])[body.Type, body.Shard, body.Region, body.Key])
        {
            Part(signed, Encoding.UTF8.GetBytes(text));
        }

        Span<byte> numbers = stackalloc byte[sizeof(int) + sizeof(long)];
        BinaryPrimitives.WriteInt32BigEndian(numbers, body.Epoch);
        BinaryPrimitives.WriteInt64BigEndian(numbers[sizeof(int)..], body.Number);
        signed.Write(numbers);
        Part(signed, body.Message);
        return signed.ToArray();
    }

    static void Part(MemoryStream signed, ReadOnlySpan<byte> bytes)
    {
        Span<byte> length = stackalloc byte[sizeof(int)];
        BinaryPrimitives.WriteInt32BigEndian(length, bytes.Length);
        signed.Write(length);
        signed.Write(bytes);
    }
}
