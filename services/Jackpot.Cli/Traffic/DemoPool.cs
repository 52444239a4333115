using System.Text.Json.Nodes;
using Jackpot.Cli.Cluster;

namespace Jackpot.Cli.Traffic;

/// <summary>A demo pool that simulated players feed, and the gateway that leads to it.</summary>
sealed record DemoPool(string GatewayUrl, string TenantId, string PoolId, string Currency)
{
    internal static DemoPool[] ReadAll(string root, ClusterPlan plan)
    {
        var pools = new List<DemoPool>();
        foreach (var region in Directory.GetDirectories(Path.Combine(root, "regions")).Where(region => Directory.Exists(Path.Combine(region, "jackpots"))))
        {
            var gateway = plan.Urls.GetValueOrDefault($"gateway-{Path.GetFileName(region)}");
            foreach (var jackpot in gateway is null ? [] : Directory.GetFiles(Path.Combine(region, "jackpots"), "*.json").Select(file => JsonNode.Parse(File.ReadAllText(file))!))
            {
                pools.AddRange(
                    from tenant in jackpot["tenants"]!.AsArray()
                    from pool in jackpot["pools"]!.AsArray()
                    select new DemoPool(gateway!, (string)tenant!, (string)pool!["pool_id"]!, (string)jackpot["currency"]!));
            }
        }
        return pools.Count > 0 ? [.. pools] : throw new CommandException("the regions hold no jackpot that players could feed.");
    }
}
