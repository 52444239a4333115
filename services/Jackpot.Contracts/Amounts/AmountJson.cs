using System.Buffers;
using System.Text.Json;
using System.Text.Json.Serialization;
using Jackpot.Core.Amounts;

namespace Jackpot.Contracts.Amounts;

/// <summary>A bare amount that the platform itself computed: micro-units in memory, a decimal number on the wire, where the currency stands beside it.</summary>
public sealed class AmountMicrosConverter : JsonConverter<long>
{
    public override long Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => AmountJson.ReadBack(ref reader);

    public override void Write(Utf8JsonWriter writer, long value, JsonSerializerOptions options) => AmountJson.Write(writer, value);
}

/// <summary>As <see cref="AmountMicrosConverter"/>, for what comes in at an endpoint: not below zero and at most <see cref="AmountText.MicrosMax"/>.</summary>
public sealed class AmountInputConverter : JsonConverter<long>
{
    public override long Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => AmountJson.ReadInput(ref reader);

    public override void Write(Utf8JsonWriter writer, long value, JsonSerializerOptions options) => AmountJson.Write(writer, value);
}

/// <summary>As <see cref="AmountInputConverter"/>, where the amount may be left out.</summary>
public sealed class OptionalAmountInputConverter : JsonConverter<long?>
{
    public override long? Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        reader.TokenType == JsonTokenType.Null ? null : AmountJson.ReadInput(ref reader);

    public override void Write(Utf8JsonWriter writer, long? value, JsonSerializerOptions options)
    {
        if (value is { } micros)
        {
            AmountJson.Write(writer, micros);
        }
        else
        {
            writer.WriteNullValue();
        }
    }
}

delegate long AmountReader(ref Utf8JsonReader reader);

delegate AmountParse AmountParser(ReadOnlySpan<byte> utf8, out long micros);

/// <summary>The two ways to read an amount, and the one to write it.</summary>
static class AmountJson
{
    /// <summary>Of a sum that the platform computed: no limits of inputs.</summary>
    public static long ReadBack(ref Utf8JsonReader reader) => Read(ref reader, AmountText.TryReadBack);

    /// <summary>Of what comes in at an endpoint.</summary>
    public static long ReadInput(ref Utf8JsonReader reader) => Read(ref reader, AmountText.TryParse);

    static long Read(ref Utf8JsonReader reader, AmountParser parse)
    {
        if (reader.TokenType != JsonTokenType.Number)
        {
            throw new JsonException("an amount is a JSON number such as 2.00");
        }

        // A number that the parser met in two buffers is copied together.
        ReadOnlySpan<byte> digits = reader.HasValueSequence ? reader.ValueSequence.ToArray() : reader.ValueSpan;
        return parse(digits, out var micros) is var parsed && parsed == AmountParse.Ok
            ? micros
            : throw new JsonException($"the amount cannot be taken: {parsed}");
    }

    public static void Write(Utf8JsonWriter writer, long micros)
    {
        Span<byte> text = stackalloc byte[AmountText.Utf8BytesMax];
        writer.WriteRawValue(text[..AmountText.Format(micros, text)], skipInputValidation: true);
    }
}
