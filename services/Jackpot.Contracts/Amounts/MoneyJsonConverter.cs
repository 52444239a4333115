using System.Text.Json;
using System.Text.Json.Serialization;
using Jackpot.Core.Amounts;

namespace Jackpot.Contracts.Amounts;

/// <summary>
/// Money that the platform itself computed: <c>{"amount": 2.00, "currency": "EUR"}</c>, exact to six decimals, never through a binary float.
/// Whatever fits in a long is read back. What comes from outside is read by <see cref="MoneyInputJsonConverter"/>.
/// </summary>
public class MoneyJsonConverter : JsonConverter<Money>
{
    private protected virtual AmountReader ReadAmount => AmountJson.ReadBack;

    public sealed override Money Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        long? micros = null;
        Currency? currency = null;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            if (reader.ValueTextEquals("amount"u8))
            {
                reader.Read();
                micros = ReadAmount(ref reader);
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

    public sealed override void Write(Utf8JsonWriter writer, Money value, JsonSerializerOptions options)
    {
        writer.WriteStartObject();
        writer.WritePropertyName("amount"u8);
        AmountJson.Write(writer, value.Micros);
        writer.WriteString("currency"u8, value.Currency.Code);
        writer.WriteEndObject();
    }
}

/// <summary>As <see cref="MoneyJsonConverter"/>, for what comes in at an endpoint: not below zero and at most <see cref="AmountText.MicrosMax"/>.</summary>
public sealed class MoneyInputJsonConverter : MoneyJsonConverter
{
    private protected override AmountReader ReadAmount => AmountJson.ReadInput;
}
