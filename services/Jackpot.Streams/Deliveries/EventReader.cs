using System.Buffers;
using System.Buffers.Text;
using System.Text.Json;
using Jackpot.ServiceDefaults.Json;

namespace Jackpot.Streams.Deliveries;

/// <summary>
/// Finds what was published inside what was delivered. Structured CloudEvents with <c>data</c> as JSON, as a text that holds JSON, or as
/// <c>data_base64</c>; bytes without an envelope (a raw payload, or binary mode with its attributes in the headers), as JSON or, as Dapr delivers
/// them in bulk, as base64; and an event inside an event, as a publisher makes it that wraps what Dapr wraps again.
/// </summary>
internal static class EventReader
{
    const string NotObject = "it is neither a JSON object nor a text that holds one";

    /// <param name="entryId">Of the entry.</param>
    /// <param name="json">The event, which has passed <see cref="StrictJson"/>.</param>
    /// <param name="headers">Attributes that came beside it.</param>
    public static StreamedEvent Read(string entryId, ReadOnlySpan<byte> json, EventAttributes headers)
    {
        var read = json[0] switch
        {
            (byte)'{' => OfObject(json, headers, isInside: false),
            (byte)'"' => OfText(Unescaped(json), headers, isInside: false),
            _ => new Found(headers, null, NotObject),
        };
        return read.Fault is { } fault
            ? StreamedEvent.NotReadable(entryId, fault, read.Raw is { } raw ? raw.AsSpan() : json, read.Attributes)
            : new StreamedEvent { EntryId = entryId, Attributes = read.Attributes, Data = read.Data };
    }

    static Found OfObject(ReadOnlySpan<byte> json, EventAttributes attributes, bool isInside)
    {
        var fields = Envelope(json);
        if (!fields.IsEvent)
        {
            return new Found(attributes, json.ToArray(), null);
        }

        if (fields.Data is not null && fields.Base64 is not null)
        {
            return new Found(fields.Attributes, null, "it has 'data' and 'data_base64'; the standard allows one of them");
        }

        var content = json[fields.Data ?? fields.Base64 ?? default];
        if (content.IsEmpty || content[0] == (byte)'n')
        {
            return new Found(fields.Attributes, null, "it has no 'data'");
        }

        return content[0] switch
        {
            (byte)'{' when fields.Data is not null => OfData(content, fields.Attributes, isInside),
            (byte)'"' when fields.Data is not null => OfText(Unescaped(content), fields.Attributes, isInside),
            (byte)'"' => OfBase64(Unescaped(content), fields.Attributes, isInside),
            _ => new Found(fields.Attributes, null, $"its data cannot be used: {NotObject}") { Raw = content.ToArray() },
        };
    }

    /// <summary>
    /// The data of an event that is not strict JSON, as it stands there; null when there is none. It is what was published, without what Dapr writes anew at each
    /// publish, so that what is sent again is known again.
    /// </summary>
    public static ReadOnlySpan<byte> DataIn(ReadOnlySpan<byte> json)
    {
        if (json[0] != (byte)'{')
        {
            return default;
        }

        var fields = Envelope(json);
        return fields.IsEvent ? json[fields.Data ?? fields.Base64 ?? default] : default;
    }

    /// <summary>An object that somebody published: an event of its own, or the data itself.</summary>
    static Found OfData(ReadOnlySpan<byte> json, EventAttributes attributes, bool isInside) =>
        !isInside && json.IndexOf("\"specversion\""u8) >= 0
            ? OfObject(json, attributes, isInside: true)
            : new Found(attributes, json.ToArray(), null);

    /// <summary>Text of any content type: JSON, or base64 of JSON. No base64 begins like a JSON object.</summary>
    static Found OfText(ReadOnlySpan<byte> text, EventAttributes attributes, bool isInside)
    {
        var trimmed = text.Trim(" \t\r\n"u8);
        if (!trimmed.IsEmpty && trimmed[0] == (byte)'{')
        {
            return OfBytes(trimmed, attributes, isInside);
        }

        // Any short word is base64 of something: of text that cannot be used is kept what was published.
        var found = OfBase64(trimmed, attributes, isInside);
        return found.Raw is null ? found : found with { Raw = trimmed.ToArray() };
    }

    static Found OfBase64(ReadOnlySpan<byte> text, EventAttributes attributes, bool isInside)
    {
        var bytes = new byte[Base64.GetMaxDecodedFromUtf8Length(text.Length)];
        return Base64.DecodeFromUtf8(text, bytes, out _, out var length) != OperationStatus.Done
            ? new Found(attributes, null, $"its data cannot be used: {NotObject}, and no base64 of one") { Raw = text.ToArray() }
            : OfBytes(bytes.AsSpan(0, length).Trim(" \t\r\n"u8), attributes, isInside);
    }

    static Found OfBytes(ReadOnlySpan<byte> bytes, EventAttributes attributes, bool isInside)
    {
        try
        {
            StrictJson.Require(bytes);
        }
        catch (JsonException fault)
        {
            return new Found(attributes, null, $"its data is not JSON: {(fault is RefusedJsonException refused ? refused.Fault.Detail : $"byte {fault.BytePositionInLine + 1} of line {fault.LineNumber + 1}")}") { Raw = bytes.ToArray() };
        }

        return bytes[0] == (byte)'{' ? OfData(bytes, attributes, isInside) : new Found(attributes, null, $"its data cannot be used: {NotObject}") { Raw = bytes.ToArray() };
    }

    /// <summary>A JSON string without its quotes and escapes.</summary>
    static ReadOnlySpan<byte> Unescaped(ReadOnlySpan<byte> json)
    {
        var reader = new Utf8JsonReader(json);
        reader.Read();
        if (!reader.ValueIsEscaped)
        {
            return reader.ValueSpan;
        }

        var text = new byte[reader.ValueSpan.Length];
        return text.AsSpan(0, reader.CopyString(text));
    }

    /// <summary>What stands at the top of an object. Whatever has a <c>specversion</c> is an event; anything else is somebody's own data.</summary>
    static Fields Envelope(ReadOnlySpan<byte> json)
    {
        var reader = StrictJson.ReaderOf(json);
        var fields = default(Fields);
        reader.Read();
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var name = NameOf(reader);
            reader.Read();
            var start = (int)reader.TokenStartIndex;
            if (name is "id" or "type" or "source")
            {
                fields.Attributes = fields.Attributes.With(name, EventAttributes.Text(reader));
            }

            reader.Skip();
            var at = start..(int)reader.BytesConsumed;
            (fields.IsEvent, fields.Data, fields.Base64) = name switch
            {
                "specversion" => (true, fields.Data, fields.Base64),
                "data" => (fields.IsEvent, at, fields.Base64),
                "data_base64" => (fields.IsEvent, fields.Data, at),
                _ => (fields.IsEvent, fields.Data, fields.Base64),
            };
        }

        return fields;
    }

    static string NameOf(in Utf8JsonReader json) => StrictJson.TextFault(json) != JsonFaultKind.None ? ""
        : json.ValueTextEquals("data"u8) ? "data" : json.ValueTextEquals("data_base64"u8) ? "data_base64" : json.ValueTextEquals("specversion"u8) ? "specversion"
        : json.ValueTextEquals("id"u8) ? "id" : json.ValueTextEquals("type"u8) ? "type" : json.ValueTextEquals("source"u8) ? "source" : "";

    readonly record struct Found(EventAttributes Attributes, byte[]? Data, string? Fault)
    {
        /// <summary>What was published of an event that cannot be read; null for all of the event.</summary>
        public byte[]? Raw { get; init; }
    }

    struct Fields
    {
        public bool IsEvent;
        public EventAttributes Attributes;
        public Range? Data;
        public Range? Base64;
    }
}
