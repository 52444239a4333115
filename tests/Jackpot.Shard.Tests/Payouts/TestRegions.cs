using System.Globalization;
using System.Text.Json.Nodes;
using Jackpot.TestKit;

namespace Jackpot.Shard.Tests.Payouts;

/// <summary>The demo's regions with other terms for payouts, in a folder of its own.</summary>
internal sealed class TestRegions : IDisposable
{
    public TestRegions(bool walletAppliesIdsOnce, int? holdAbove = null)
    {
        foreach (var file in Directory.GetFiles(System.IO.Path.Combine(RepositoryFolder.Root, "regions"), "region.json", SearchOption.AllDirectories))
        {
            var region = JsonNode.Parse(File.ReadAllText(file))!;
            foreach (var tenant in region["tenants"]!.AsArray())
            {
                tenant!["wallet_applies_ids_once"] = walletAppliesIdsOnce;
            }

            region["payouts"] = holdAbove is { } limit
                ? JsonNode.Parse($$"""{"hold_above":[{"amount":{{limit.ToString(CultureInfo.InvariantCulture)}},"currency":"EUR"}]}""")
                : null;
            var folder = Directory.CreateDirectory(System.IO.Path.Combine(Path, System.IO.Path.GetFileName(System.IO.Path.GetDirectoryName(file)!)));
            File.WriteAllText(System.IO.Path.Combine(folder.FullName, "region.json"), region.ToJsonString());
        }
    }

    public string Path { get; } = Directory.CreateTempSubdirectory("jackpot-regions-").FullName;

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
