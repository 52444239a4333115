using System.Text.Json;
using Jackpot.Ledger.Contributions;
using Jackpot.ServiceDefaults.Json;
using Jackpot.Shard.Requests;

namespace Jackpot.Shard.Contributions;

/// <summary>Reads the bodies of the endpoints.</summary>
internal static class ContributionBodies
{
    /// <summary>One contribution; the bytes have passed <see cref="StrictJson"/>.</summary>
    public static ContributionRequest One(ReadOnlyMemory<byte> body)
    {
        var json = StrictJson.ReaderOf(body.Span);
        json.Read();
        return ContributionReader.Read(ref json);
    }

    /// <summary>
    /// Reads <c>{"contributions":[…]}</c>. An item that is not strict JSON is that item's fault. Reading stops at the first item above the limit,
    /// which stands at the end of the answer, unread; what follows it is not looked at.
    /// </summary>
    public static List<ContributionRequest> Batch(ReadOnlyMemory<byte> body)
    {
        var bytes = body.Span;
        var json = StrictJson.ReaderOf(bytes);
        json.Read();
        if (json.TokenType != JsonTokenType.StartObject)
        {
            throw new JsonException("a batch is a JSON object");
        }

        var requests = new List<ContributionRequest>();
        var names = new HashSet<string>(StringComparer.Ordinal);
        while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
        {
            var isItems = IsItems(json, names);
            json.Read();
            if (!isItems || json.TokenType != JsonTokenType.StartArray)
            {
                StrictJson.Require(StrictJson.Walk(bytes, ref json));
            }
            else if (!ReadItems(bytes, ref json, requests))
            {
                return requests;
            }
        }

        StrictJson.RequireEnd(ref json);
        return requests;
    }

    static bool IsItems(in Utf8JsonReader json, HashSet<string> names)
    {
        var fault = StrictJson.TextFault(json);
        if (fault == JsonFaultKind.None)
        {
            fault = names.Count == StrictJson.NamesMax ? JsonFaultKind.TooManyNames : names.Add(json.GetString()!) ? fault : JsonFaultKind.DuplicateName;
        }

        StrictJson.Require(new JsonFault(fault, json.TokenStartIndex));
        return json.ValueTextEquals("contributions"u8);
    }

    /// <summary>False when there are too many.</summary>
    static bool ReadItems(ReadOnlySpan<byte> bytes, ref Utf8JsonReader json, List<ContributionRequest> requests)
    {
        while (json.Read() && json.TokenType != JsonTokenType.EndArray)
        {
            if (requests.Count == BatchCodec.ItemsMax)
            {
                requests.Add(new ContributionRequest());
                return false;
            }

            requests.Add(ReadItem(bytes, ref json));
        }

        return true;
    }

    static ContributionRequest ReadItem(ReadOnlySpan<byte> bytes, ref Utf8JsonReader json)
    {
        var item = json;
        var fault = StrictJson.Walk(bytes, ref json);
        return fault.IsFault ? new ContributionRequest { Unreadable = fault }
            : item.TokenType == JsonTokenType.StartObject ? ContributionReader.Read(ref item)
            : new ContributionRequest { WrongTypeField = "contributions[]" };
    }
}
