namespace Jackpot.Gateway.Regions;

/// <summary>Configuration section "Gateway".</summary>
sealed class GatewayOptions
{
    /// <summary>Id of the region that this gateway serves.</summary>
    public string Region { get; set; } = "";

    /// <summary>Folder that holds one folder per region.</summary>
    public string RegionsPath { get; set; } = "regions";

    /// <summary>Shard id → base URLs of its replicas, separated by commas.</summary>
    public Dictionary<string, string> Shards { get; set; } = [];

    /// <summary>Region id → public gateway URL, where it differs from region.json.</summary>
    public Dictionary<string, string> Regions { get; set; } = [];
}

/// <summary>The configuration cannot be served; the message holds every fault, a line each.</summary>
sealed class InvalidGatewayException(IReadOnlyList<string> faults)
    : Exception("The gateway cannot start:\n  " + string.Join("\n  ", faults));

static class RegionRegistration
{
    /// <summary>What this gateway is told, and the regions that it reads from files.</summary>
    internal static (GatewayOptions Options, RegionDirectory Directory) AddRegions(this IHostApplicationBuilder builder)
    {
        var options = new GatewayOptions();
        builder.Configuration.GetSection("Gateway").Bind(options);
        var directory = RegionDirectory.Load(options);
        builder.Services.AddSingleton(directory);
        return (options, directory);
    }
}
