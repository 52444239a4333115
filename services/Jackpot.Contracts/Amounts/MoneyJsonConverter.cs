using System.Buffers;
using System.Text.Json;
using System.Text.Json.Serialization;
using Jackpot.Core.Amounts;

namespace Jackpot.Contracts.Amounts;

/// <summary>Money on the wire: <c>{"amount": 2.00, "currency": "EUR"}</c>, exact to six decimals, never through a binary float.</summary>
public sealed class MoneyJsonConverter : JsonConverter<Money>
{
    public override Money Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        long? micros = null;
        Currency? currency = null;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            if (reader.ValueTextEquals("amount"u8))
            {
                reader.Read();
                micros = AmountMicrosConverter.ReadMicros(ref reader);
            }
            else if (reader.ValueTextEquals("currency"u8))
            {
                reader.Read();
                currency = Currency.TryParse(reader.GetString(), out var known)
                    ? known
                    : throw new JsonException("'currency' is not an ISO 4217 code");
            }
            else
            {
                reader.Read();
                reader.Skip();
            }
        }

        return micros is { } amount && currency is { } code
            ? new Money(amount, code)
            : throw new JsonException("money needs 'amount' and 'currency'");
    }

    public override void Write(Utf8JsonWriter writer, Money value, JsonSerializerOptions options)
    {
        writer.WriteStartObject();
        writer.WritePropertyName("amount"u8);
        AmountMicrosConverter.WriteMicros(writer, value.Micros);
        writer.WriteString("currency"u8, value.Currency.Code);
        writer.WriteEndObject();
    }
}

/// <summary>A bare amount, micro-units in memory and a decimal number on the wire, where the currency stands beside it.</summary>
public sealed class AmountMicrosConverter : JsonConverter<long>
{
    public override long Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => ReadMicros(ref reader);

    public override void Write(Utf8JsonWriter writer, long value, JsonSerializerOptions options) => WriteMicros(writer, value);

    internal static long ReadMicros(ref Utf8JsonReader reader)
    {
        if (reader.TokenType != JsonTokenType.Number)
        {
            throw new JsonException("an amount is a JSON number such as 2.00");
        }

        // A number that the parser met in two buffers is copied together.
        ReadOnlySpan<byte> digits = reader.HasValueSequence ? reader.ValueSequence.ToArray() : reader.ValueSpan;
        return AmountText.TryParse(digits, out var micros) is var parsed && parsed == AmountParse.Ok
            ? micros
            : throw new JsonException($"the amount cannot be taken: {parsed}");
    }

    internal static void WriteMicros(Utf8JsonWriter writer, long micros)
    {
        Span<byte> text = stackalloc byte[AmountText.Utf8BytesMax];
        writer.WriteRawValue(text[..AmountText.Format(micros, text)], skipInputValidation: true);
    }
}
