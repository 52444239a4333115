using System.Runtime.InteropServices;
using System.Text.Json;
using Jackpot.ServiceDefaults.Json;

namespace Jackpot.Streams.Refusals;

/// <summary>The bytes of an event as they came.</summary>
/// <param name="Bytes">The bytes.</param>
/// <param name="IsJson">One JSON value that has passed <see cref="StrictJson"/>; anything else is carried as base64, so that nothing of it is lost or repaired.</param>
public readonly record struct EventBody(ReadOnlyMemory<byte> Bytes, bool IsJson)
{
    const string Base64Suffix = "_base64";

    /// <summary>Of bytes that nobody has looked at.</summary>
    public static EventBody Of(ReadOnlyMemory<byte> bytes)
    {
        try
        {
            StrictJson.Require(bytes.Span);
            return new EventBody(bytes, true);
        }
        catch (JsonException)
        {
            return new EventBody(bytes, false);
        }
    }

    /// <summary>Writes the property <paramref name="name"/>, or <c>{name}_base64</c>.</summary>
    public void Write(Utf8JsonWriter json, string name)
    {
        if (IsJson)
        {
            json.WritePropertyName(name);
            json.WriteRawValue(Bytes.Span, skipInputValidation: true);
        }
        else
        {
            json.WriteBase64String(name + Base64Suffix, Bytes.Span);
        }
    }

    internal static EventBody? Read(JsonElement from, string name)
    {
        if (from.TryGetProperty(name, out var json))
        {
            return new EventBody(JsonMarshal.GetRawUtf8Value(json).ToArray(), true);
        }

        return from.TryGetProperty(name + Base64Suffix, out var text) && text.ValueKind == JsonValueKind.String && text.TryGetBytesFromBase64(out var bytes)
            ? new EventBody(bytes, false)
            : null;
    }
}
