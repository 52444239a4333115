using System.Text.Json;
using Jackpot.ServiceDefaults.Json;

namespace Jackpot.Streams.Deliveries;

/// <summary>The attributes of a CloudEvent that are read here; each may be missing.</summary>
public readonly record struct EventAttributes(string? Id, string? Type, string? Source)
{
    /// <summary>Attributes are the publisher's; what is longer is cut, for it is only told and compared.</summary>
    const int CharsMax = 256;

    /// <summary>How brokers write the attributes of an event in binary mode: Kafka, then HTTP and NATS, then AMQP twice.</summary>
    static readonly string[] HeaderPrefixes = ["ce_", "ce-", "cloudEvents_", "cloudEvents:"];

    /// <summary>Of a broker's headers, the object that <paramref name="json"/> stands on; all missing when the event is not in binary mode.</summary>
    internal static EventAttributes OfHeaders(ref Utf8JsonReader json)
    {
        var found = default(EventAttributes);
        while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
        {
            var name = StrictJson.TextFault(json) == JsonFaultKind.None && json.ValueSpan.Length < CharsMax ? json.GetString()! : "";
            json.Read();
            if (Array.Find(HeaderPrefixes, prefix => name.StartsWith(prefix, StringComparison.OrdinalIgnoreCase)) is { } prefix)
            {
                found = found.With(name[prefix.Length..].ToLowerInvariant(), Text(json));
            }

            json.Skip();
        }

        return found;
    }

    internal EventAttributes With(string name, string? value) => name switch
    {
        "id" => this with { Id = value },
        "type" => this with { Type = value },
        "source" => this with { Source = value },
        _ => this,
    };

    internal static string? Text(in Utf8JsonReader json)
    {
        if (json.TokenType != JsonTokenType.String || StrictJson.TextFault(json) != JsonFaultKind.None)
        {
            return null;
        }

        var text = json.GetString()!;
        return text.Length <= CharsMax ? text : text[..CharsMax];
    }
}
