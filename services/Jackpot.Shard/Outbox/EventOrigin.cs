using System.Buffers;
using System.Text;
using System.Text.Json;
using Jackpot.Shard.Regions;

namespace Jackpot.Shard.Outbox;

/// <summary>
/// Writes into an event where it is from: its region, and beside every tenant that it names the brand and the licence. The rows hold neither: a shard is in one
/// region for good, and what a tenant is called stands in one file.
/// </summary>
internal sealed class EventOrigin(string region, TenantDirectory tenants)
{
    /// <param name="payload">An event's JSON. What is no object, or cannot be read, is left as it is: whether it goes out is not decided here.</param>
    public string Write(string payload)
    {
        var bytes = Encoding.UTF8.GetBytes(payload);
        try
        {
            return bytes is [(byte)'{', (byte)'"', ..] ? Written(bytes) : payload;
        }
        catch (JsonException)
        {
            return payload;
        }
    }

    string Written(ReadOnlySpan<byte> bytes)
    {
        var text = new ArrayBufferWriter<byte>(bytes.Length + 256);
        text.Write("{\"region\":\""u8);
        text.Write(JsonEncodedText.Encode(region).EncodedUtf8Bytes);
        text.Write("\","u8);
        var copied = 1;
        var reader = new Utf8JsonReader(bytes);
        while (reader.Read())
        {
            if (reader.TokenType == JsonTokenType.PropertyName && reader.ValueTextEquals("tenant_id"u8) && reader.Read()
                && reader.TokenType == JsonTokenType.String && tenants.Find(reader.GetString()!) is { } tenant)
            {
                var through = (int)reader.BytesConsumed;
                text.Write(bytes[copied..through]);
                WriteField(text, ",\"brand\":\""u8, tenant.Brand);
                WriteField(text, ",\"licence\":\""u8, tenant.Licence);
                copied = through;
            }
        }

        text.Write(bytes[copied..]);
        return Encoding.UTF8.GetString(text.WrittenSpan);
    }

    static void WriteField(ArrayBufferWriter<byte> text, ReadOnlySpan<byte> start, string value)
    {
        text.Write(start);
        text.Write(JsonEncodedText.Encode(value).EncodedUtf8Bytes);
        text.Write("\""u8);
    }
}
