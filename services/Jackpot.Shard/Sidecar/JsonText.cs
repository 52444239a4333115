using System.Text.Json;
using System.Text.Json.Serialization;

namespace Jackpot.Shard.Sidecar;

/// <summary>JSON that is written already, to be published as it is: nothing is parsed or checked on the way.</summary>
/// <param name="Value">One whole JSON value.</param>
[JsonConverter(typeof(Converter))]
internal readonly record struct JsonText(string Value)
{
    internal sealed class Converter : JsonConverter<JsonText>
    {
        public override JsonText Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
            new(JsonElement.ParseValue(ref reader).GetRawText());

        public override void Write(Utf8JsonWriter writer, JsonText value, JsonSerializerOptions options) =>
            writer.WriteRawValue(value.Value, skipInputValidation: true);
    }
}
