using System.Text.Json;
using System.Text.Json.Serialization;
using Jackpot.Core.Amounts;

namespace Jackpot.Shard.Regions;

/// <summary><c>regions/&lt;region&gt;/region.json</c>: data only, no region name lives in code.</summary>
internal sealed record RegionFile(
    [property: JsonRequired] string Region,
    [property: JsonRequired] string GatewayUrl,
    [property: JsonRequired] IReadOnlyList<string> Shards,
    [property: JsonRequired] IReadOnlyList<string> Currencies,
    [property: JsonRequired] RegionFx Fx,
    [property: JsonRequired] IReadOnlyList<RegionTenant> Tenants)
{
    public static RegionFile Load(string regionsPath, string region)
    {
        var path = Path.Combine(regionsPath, region, "region.json");
        try
        {
            return JsonSerializer.Deserialize(File.ReadAllBytes(path), RegionJson.Default.RegionFile)
                ?? throw new JsonException("the file is empty");
        }
        catch (Exception e) when (e is JsonException or IOException or UnauthorizedAccessException)
        {
            throw new InvalidOperationException($"{path}: {e.Message}", e);
        }
    }
}

internal sealed record RegionFx(int Version, IReadOnlyList<RegionRate> Rates);

/// <summary>One unit of <paramref name="From"/> is worth <paramref name="Rate"/> of <paramref name="To"/>; at most nine decimals.</summary>
internal sealed record RegionRate(string From, string To, [property: JsonConverter(typeof(RateNanosConverter))] long Rate);

internal sealed record RegionTenant(
    [property: JsonRequired] string TenantId, [property: JsonRequired] string Shard, [property: JsonRequired] string WalletUrl);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, ReadCommentHandling = JsonCommentHandling.Skip)]
[JsonSerializable(typeof(RegionFile))]
internal sealed partial class RegionJson : JsonSerializerContext;

/// <summary>Reads a positive decimal of at most nine decimals as exact 10^-9 units.</summary>
internal sealed class RateNanosConverter : JsonConverter<long>
{
    public override long Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        reader.TokenType == JsonTokenType.Number && FxRate.TryParseNanos(reader.ValueSpan, out var nanos)
            ? nanos
            : throw new JsonException("a rate is a number above zero, at most 10^9, of at most nine decimals");

    public override void Write(Utf8JsonWriter writer, long value, JsonSerializerOptions options) =>
        throw new NotSupportedException("Region files are read, never written.");
}
