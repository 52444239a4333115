using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;
using Jackpot.Core.Amounts;

namespace Jackpot.Contracts.Amounts;

/// <summary>
/// What the platform itself has added up, in micro-units. On the wire as <see cref="Money"/>, but of any size and sign: the limits of amounts are for
/// what comes from outside. The currency is told as it is stored, also where a faulty table names none.
/// </summary>
[JsonConverter(typeof(MoneySumJsonConverter))]
public readonly record struct MoneySum(Int128 Micros, string Currency);

/// <summary>See <see cref="MoneySum"/>.</summary>
public sealed class MoneySumJsonConverter : JsonConverter<MoneySum>
{
    public override MoneySum Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        using var money = JsonDocument.ParseValue(ref reader);
        return money.RootElement is { ValueKind: JsonValueKind.Object } sum
            && sum.TryGetProperty("amount", out var amount) && AmountText.TryParseSum(amount.GetRawText(), out var micros)
            && sum.TryGetProperty("currency", out var currency) && currency.ValueKind == JsonValueKind.String
            ? new MoneySum(micros, currency.GetString()!)
            : throw new JsonException("a sum needs 'amount' and 'currency'");
    }

    public override void Write(Utf8JsonWriter writer, MoneySum value, JsonSerializerOptions options)
    {
        writer.WriteStartObject();
        writer.WritePropertyName("amount"u8);
        SumMicrosConverter.WriteMicros(writer, value.Micros);
        writer.WriteString("currency"u8, value.Currency);
        writer.WriteEndObject();
    }
}

/// <summary>A bare sum, micro-units in memory and a decimal number on the wire, where the currency stands beside it.</summary>
public sealed class SumMicrosConverter : JsonConverter<Int128>
{
    public override Int128 Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        using var sum = JsonDocument.ParseValue(ref reader);
        return AmountText.TryParseSum(sum.RootElement.GetRawText(), out var micros) ? micros : throw new JsonException("a sum is a JSON number such as 2.00");
    }

    public override void Write(Utf8JsonWriter writer, Int128 value, JsonSerializerOptions options) => WriteMicros(writer, value);

    internal static void WriteMicros(Utf8JsonWriter writer, Int128 micros) =>
        writer.WriteRawValue(Encoding.ASCII.GetBytes(AmountText.Format(micros)), skipInputValidation: true);
}
