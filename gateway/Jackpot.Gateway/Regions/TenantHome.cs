using Jackpot.Contracts.Regions;

namespace Jackpot.Gateway.Regions;

/// <summary>Where a tenant lives: a shard of this gateway's region, or another region's gateway.</summary>
/// <param name="ShardId">Shard, when it belongs to this region; else null.</param>
/// <param name="RegionUrl">Public URL of the region's gateway.</param>
/// <param name="Limits">How many of its requests are let in; null for the gateway's own limits.</param>
sealed record TenantHome(string TenantId, string Region, string? ShardId, string RegionUrl, RegionLimits? Limits = null);
