using System.Collections.Frozen;
using Jackpot.Contracts.Regions;

namespace Jackpot.Gateway.Regions;

/// <summary>Every tenant of every region, and which shards stand behind this gateway. Fixed at start.</summary>
sealed class RegionDirectory
{
    readonly FrozenDictionary<string, TenantHome> _tenants;

    RegionDirectory(string region, FrozenDictionary<string, TenantHome> tenants, IReadOnlyDictionary<string, IReadOnlyList<string>> shards)
    {
        Region = region;
        _tenants = tenants;
        Shards = shards;
    }

    /// <summary>The region that this gateway serves.</summary>
    internal string Region { get; }

    /// <summary>The shard that keeps what belongs to no tenant of this region.</summary>
    internal string FirstShard { get; private init; } = "";

    /// <summary>Base URLs of the replicas of each shard of this region.</summary>
    internal IReadOnlyDictionary<string, IReadOnlyList<string>> Shards { get; }

    /// <summary>The tenants of this gateway's region.</summary>
    internal IEnumerable<TenantHome> Here => _tenants.Values.Where(home => home.ShardId is not null);

    internal TenantHome? Find(string tenantId) => _tenants.GetValueOrDefault(tenantId);

    /// <summary>Builds the directory, or throws <see cref="InvalidGatewayException"/> with every fault of the configuration at once.</summary>
    internal static RegionDirectory Load(GatewayOptions options)
    {
        var faults = new List<string>();
        var regions = RegionFile.ReadAll(options.RegionsPath, faults);
        var own = regions.FirstOrDefault(region => region.Region == options.Region);
        if (own is null && faults.Count == 0)
        {
            faults.Add($"Gateway__Region is '{options.Region}', but the regions are {string.Join(", ", regions.Select(region => region.Region))}.");
        }
        var tenants = Tenants(regions, options, faults);
        var shards = own?.Shards.ToDictionary(shard => shard, shard => (IReadOnlyList<string>)Replicas(shard, options, faults)) ?? [];
        if (faults.Count > 0)
        {
            throw new InvalidGatewayException(faults);
        }
        return new RegionDirectory(own!.Region, tenants.ToFrozenDictionary(StringComparer.Ordinal), shards) { FirstShard = own.Shards[0] };
    }

    static Dictionary<string, TenantHome> Tenants(IReadOnlyList<RegionFile> regions, GatewayOptions options, List<string> faults)
    {
        var tenants = new Dictionary<string, TenantHome>(StringComparer.Ordinal);
        foreach (var region in regions)
        {
            var url = (options.Regions.GetValueOrDefault(region.Region) ?? region.GatewayUrl).TrimEnd('/');
            foreach (var tenant in region.Tenants)
            {
                if (!region.Shards.Contains(tenant.Shard))
                {
                    faults.Add($"Tenant {tenant.TenantId} is on shard {tenant.Shard}, which region {region.Region} does not have.");
                }
                var home = new TenantHome(tenant.TenantId, region.Region, region.Region == options.Region ? tenant.Shard : null, url, tenant.Limits);
                if (!tenants.TryAdd(tenant.TenantId, home))
                {
                    faults.Add($"Tenant {tenant.TenantId} is named twice, in {tenants[tenant.TenantId].Region} and in {region.Region}; a tenant has one region and one shard.");
                }
            }
        }
        return tenants;
    }

    static string[] Replicas(string shard, GatewayOptions options, List<string> faults)
    {
        var urls = (options.Shards.GetValueOrDefault(shard) ?? "").Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        if (urls.Length == 0)
        {
            faults.Add($"Gateway__Shards__{shard} is not set: name the base URLs of the shard's replicas, separated by commas.");
        }
        faults.AddRange(urls.Where(url => !Uri.TryCreate(url, UriKind.Absolute, out var parsed) || parsed.Scheme is not ("http" or "https"))
            .Select(url => $"Gateway__Shards__{shard} holds '{url}', which is not an http(s) URL."));
        return urls;
    }
}
