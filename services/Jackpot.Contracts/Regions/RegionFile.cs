using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;
using Jackpot.Contracts.Amounts;
using Jackpot.Core.Amounts;

namespace Jackpot.Contracts.Regions;

/// <summary><c>regions/&lt;region&gt;/region.json</c>: data only, no region name lives in code. Everything of it must be there.</summary>
/// <param name="Region">The region's id.</param>
/// <param name="GatewayUrl">Public base URL of its gateway.</param>
/// <param name="Shards">Ids of its shards; the first answers for what belongs to none of them.</param>
/// <param name="Currencies">In which players bet.</param>
/// <param name="Fx">Rates from those to the jackpots' currencies.</param>
/// <param name="Tenants">Who lives here.</param>
/// <param name="Payouts">Limits of payouts; none when left out.</param>
public sealed record RegionFile(
    string Region, string GatewayUrl, IReadOnlyList<string> Shards, IReadOnlyList<string> Currencies, RegionFx Fx, IReadOnlyList<RegionTenant> Tenants,
    RegionPayouts? Payouts = null)
{
    /// <summary>In the region's folder.</summary>
    public const string FileName = "region.json";

    /// <summary>Most tenants of one region.</summary>
    public const int TenantsMax = 1_000;

    /// <summary>Reads every region below the folder, in the order of their folders' names; what is wrong with a file is added to <paramref name="faults"/>.</summary>
    public static IReadOnlyList<RegionFile> ReadAll(string regionsPath, ICollection<string> faults)
    {
        var regions = new List<RegionFile>();
        var folders = Directory.Exists(regionsPath) ? Directory.GetDirectories(regionsPath) : [];
        foreach (var path in folders.Select(folder => Path.Combine(folder, FileName)).Where(File.Exists).Order(StringComparer.Ordinal))
        {
            try
            {
                var region = JsonSerializer.Deserialize(File.ReadAllBytes(path), RegionJson.Default.RegionFile) ?? throw new JsonException("the file holds null");
                foreach (var fault in region.TenantFaults())
                {
                    faults.Add($"{path}: {fault}");
                }

                regions.Add(region);
            }
            catch (Exception e) when (e is JsonException or IOException or UnauthorizedAccessException)
            {
                faults.Add($"{path}: {e.Message}");
            }
        }

        if (regions.Count == 0 && faults.Count == 0)
        {
            faults.Add($"In '{regionsPath}' no */{FileName} was found.");
        }

        return regions;
    }

    IEnumerable<string> TenantFaults()
    {
        if (Tenants.Count > TenantsMax)
        {
            yield return $"{Tenants.Count} tenants; at most {TenantsMax} are in one region, for each is a label of metrics";
        }

        foreach (var (tenant, name, text) in Tenants.SelectMany(tenant => new[] { (tenant.TenantId, "brand", tenant.Brand), (tenant.TenantId, "licence", tenant.Licence) }))
        {
            if (text.Length is 0 or > RegionTenant.NameCharsMax || text.Trim().Length != text.Length || text.Any(char.IsControl))
            {
                yield return $"tenant {tenant}: '{name}' has 1 to {RegionTenant.NameCharsMax} characters, no control characters, and no space at its ends";
            }
        }

        foreach (var tenant in Tenants.Where(tenant => tenant.Limits is { } limits && (limits.RequestsPerSecond is < 1 or > RegionLimits.Max || limits.Concurrent is < 1 or > RegionLimits.Max)))
        {
            yield return $"tenant {tenant.TenantId}: each of 'limits' is 1 to {RegionLimits.Max}";
        }
    }
}

/// <summary>The region's rates, all of one version.</summary>
/// <param name="Version">Another number whenever a rate is another.</param>
/// <param name="Rates">From the currencies that players bet in.</param>
/// <param name="AsOf">When they were fixed; shown beside amounts in a wished currency.</param>
public sealed record RegionFx(int Version, IReadOnlyList<RegionRate> Rates, DateTimeOffset? AsOf = null);

/// <summary>One unit of <paramref name="From"/> is worth <paramref name="Rate"/> billionths of <paramref name="To"/>; written as a number of at most nine decimals.</summary>
public sealed record RegionRate(string From, string To, [property: JsonConverter(typeof(RateNanosConverter))] long Rate);

/// <summary>Limits of the region's payouts.</summary>
/// <param name="HoldAbove">An award above the amount of its currency waits for two people before a cent moves; at most one amount for each currency.</param>
/// <param name="Reconcile">Whether wallets that can be asked about a transaction are asked, every hour, about what they have credited.</param>
public sealed record RegionPayouts(IReadOnlyList<Money> HoldAbove, bool Reconcile = false);

/// <summary>A tenant, the one shard that serves it, and where its wallet is.</summary>
/// <param name="TenantId">Its id.</param>
/// <param name="Shard">Serves it.</param>
/// <param name="WalletUrl">Where its wallet is.</param>
/// <param name="Brand">The name under which it plays; every event and the metrics show it beside the tenant.</param>
/// <param name="Licence">Under which it plays, in the regulator's own spelling; shown as the brand is.</param>
/// <param name="WalletAppliesIdsOnce">
/// Whether it is proven that the wallet credits a transaction id at most once. A credit without an answer that another wallet knows nothing of is not
/// sent again, but held.
/// </param>
/// <param name="Voids">How far its voids are taken without two people, where that is less than everybody's.</param>
/// <param name="Limits">How many of its requests are let in.</param>
public sealed record RegionTenant(
    string TenantId, string Shard, string WalletUrl, string Brand, string Licence, bool WalletAppliesIdsOnce = false, RegionVoids? Voids = null, RegionLimits? Limits = null)
{
    /// <summary>Longest brand or licence.</summary>
    public const int NameCharsMax = 64;
}

/// <summary>How many requests of a tenant one gateway process lets in; what is left out is the gateway's own limit.</summary>
/// <param name="RequestsPerSecond">Handed out once a second, so that as many may come at once. No limit when left out.</param>
/// <param name="Concurrent">That wait for their answers at once.</param>
public sealed record RegionLimits(int? RequestsPerSecond = null, int? Concurrent = null)
{
    /// <summary>Highest value of either.</summary>
    public const int Max = 1_000_000;
}

/// <summary>A tenant's own limits of voids; each can only be lower than the platform's, and what is left out is the platform's.</summary>
/// <param name="HoursMax">After the bet.</param>
/// <param name="PpmMax">Of what the tenant put into the jackpot on the bet's day.</param>
public sealed record RegionVoids(int? HoursMax = null, int? PpmMax = null);

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, ReadCommentHandling = JsonCommentHandling.Skip,
    RespectRequiredConstructorParameters = true, RespectNullableAnnotations = true, Converters = [typeof(MoneyJsonConverter)])]
[JsonSerializable(typeof(RegionFile))]
internal sealed partial class RegionJson : JsonSerializerContext;

/// <summary>A positive decimal of at most nine decimals as exact 10^-9 units.</summary>
public sealed class RateNanosConverter : JsonConverter<long>
{
    const long NanosPerUnit = 1_000_000_000;

    public override long Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        reader.TokenType == JsonTokenType.Number && FxRate.TryParseNanos(reader.ValueSpan, out var nanos)
            ? nanos
            : throw new JsonException("a rate is a number above zero, at most 10^9, of at most nine decimals");

    public override void Write(Utf8JsonWriter writer, long value, JsonSerializerOptions options) =>
        writer.WriteRawValue(string.Create(CultureInfo.InvariantCulture, $"{value / NanosPerUnit}.{value % NanosPerUnit:D9}").TrimEnd('0').TrimEnd('.'));
}
