using System.Text.Json;
using System.Text.Json.Serialization;

namespace Jackpot.Contracts.Jackpots;

/// <summary>Writes a definition as it is written everywhere else: what is left out there is left out here.</summary>
public sealed class DefinitionConverter : JsonConverter<JackpotDefinition>
{
    public override JackpotDefinition? Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        JsonSerializer.Deserialize(ref reader, JackpotJson.Default.JackpotDefinition);

    public override void Write(Utf8JsonWriter writer, JackpotDefinition value, JsonSerializerOptions options) =>
        JsonSerializer.Serialize(writer, value, JackpotJson.Default.JackpotDefinition);
}
