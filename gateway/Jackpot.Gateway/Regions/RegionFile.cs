using System.Text.Json;
using System.Text.Json.Serialization;

namespace Jackpot.Gateway.Regions;

/// <summary>The part of regions/&lt;region&gt;/region.json that routing needs.</summary>
sealed record RegionFile(string Region, string GatewayUrl, IReadOnlyList<string> Shards, IReadOnlyList<RegionTenant> Tenants)
{
    internal const string FileName = "region.json";

    /// <summary>Reads every region below the folder; what is wrong with a file is added to <paramref name="faults"/>.</summary>
    internal static List<RegionFile> ReadAll(string regionsPath, List<string> faults)
    {
        var regions = new List<RegionFile>();
        var folders = Directory.Exists(regionsPath) ? Directory.GetDirectories(regionsPath) : [];
        foreach (var path in folders.Select(folder => Path.Combine(folder, FileName)).Where(File.Exists).Order(StringComparer.Ordinal))
        {
            try
            {
                regions.Add(JsonSerializer.Deserialize(File.ReadAllBytes(path), RegionJson.Default.RegionFile)
                    ?? throw new JsonException("the file holds null"));
            }
            catch (JsonException error)
            {
                faults.Add($"{path}: {error.Message}");
            }
        }
        if (regions.Count == 0 && faults.Count == 0)
        {
            faults.Add($"Gateway__RegionsPath is '{regionsPath}', where no */{FileName} was found.");
        }
        return regions;
    }
}

sealed record RegionTenant(string TenantId, string Shard);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, RespectRequiredConstructorParameters = true, RespectNullableAnnotations = true)]
[JsonSerializable(typeof(RegionFile))]
sealed partial class RegionJson : JsonSerializerContext;
