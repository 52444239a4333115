using System.Text.Json;
using Jackpot.Shard.Requests;

namespace Jackpot.Shard.Streams;

/// <summary>
/// Reads a bulk delivery entry by entry, so that an entry that cannot be read costs nobody else anything. Should the delivery itself break off
/// in the middle, the whole entries before are read; one that has no answer is sent again.
/// </summary>
internal static class BetDelivery
{
    /// <summary>Ten times what is asked for at the sidecar; what is more comes again.</summary>
    const int EntriesMax = 1_000;

    const string NoEvent = "it has no 'event', or two";

    /// <exception cref="JsonException">Not one whole entry can be read.</exception>
    public static List<StreamedBet> Read(ReadOnlyMemory<byte> body)
    {
        var bytes = body.Span;
        var json = StrictJson.ReaderOf(bytes);
        var bets = new List<StreamedBet>();
        try
        {
            json.Read();
            if (json.TokenType != JsonTokenType.StartObject)
            {
                throw new JsonException("a delivery is a JSON object");
            }

            var hasEntries = false;
            while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
            {
                hasEntries |= ReadEntries(bytes, ref json, bets);
            }

            return hasEntries ? bets : throw new JsonException("a delivery has a list of 'entries'");
        }
        catch (JsonException) when (bets.Count > 0)
        {
            return bets;
        }
    }

    static bool ReadEntries(ReadOnlySpan<byte> bytes, ref Utf8JsonReader json, List<StreamedBet> bets)
    {
        var isEntries = IsNamed(json, "entries"u8);
        json.Read();
        if (!isEntries || json.TokenType != JsonTokenType.StartArray)
        {
            json.Skip();
            return false;
        }

        while (json.Read() && json.TokenType != JsonTokenType.EndArray)
        {
            if (bets.Count == EntriesMax)
            {
                throw new JsonException($"a delivery has at most {EntriesMax} entries");
            }

            if (json.TokenType == JsonTokenType.StartObject)
            {
                ReadEntry(bytes, ref json, bets);
            }
            else
            {
                json.Skip();
            }
        }

        return true;
    }

    /// <summary>An entry without an id has nothing that an answer could name, so it gets none and the sidecar sends it again as its policy says.</summary>
    static void ReadEntry(ReadOnlySpan<byte> bytes, ref Utf8JsonReader json, List<StreamedBet> bets)
    {
        string? id = null;
        var entryStart = (int)json.TokenStartIndex;
        var (fault, start, end, events) = (default(JsonFault), 0, 0, 0);
        while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
        {
            var (isId, isEvent) = (IsNamed(json, "entryId"u8), IsNamed(json, "event"u8));
            json.Read();
            if (isEvent)
            {
                events++;
                start = (int)json.TokenStartIndex;
                fault = StrictJson.Walk(bytes, ref json);
                end = (int)json.BytesConsumed;
            }
            else if (isId && json.TokenType == JsonTokenType.String && StrictJson.TextFault(json) is JsonFaultKind.None or JsonFaultKind.Nul)
            {
                id = json.GetString();
            }
            else
            {
                json.Skip();
            }
        }

        if (id is not null)
        {
            bets.Add(events != 1 ? StreamedBet.Not(id, NoEvent, bytes[entryStart..(int)json.BytesConsumed]) : fault.IsFault ? StreamedBet.Not(id, fault.Detail, bytes[start..end]) : StreamedBet.Read(id, bytes[start..end]));
        }
    }

    static bool IsNamed(in Utf8JsonReader json, ReadOnlySpan<byte> name) =>
        StrictJson.TextFault(json) == JsonFaultKind.None && json.ValueTextEquals(name);
}
