using Jackpot.LocalProcesses;
using Jackpot.TestKit;

namespace Jackpot.Gateway.Tests.Regions;

public sealed class StartTests
{
    [Fact]
    public async Task A_wrong_configuration_is_refused_at_start_with_every_fault_at_once()
    {
        await using var process = GatewayFixture.Start(FreePort.Next(), new Dictionary<string, string?>
        {
            ["Gateway__Region"] = "north",
            ["Gateway__Shards__north-1"] = "not a url",
        });

        Assert.Equal(2, await process.ExitAsync(TimeSpan.FromSeconds(20)));
        Assert.Contains("'not a url'", process.Output, StringComparison.Ordinal);
        Assert.Contains("Gateway__Shards__north-2 is not set", process.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_region_that_has_no_folder_is_refused_with_the_names_that_exist()
    {
        await using var process = GatewayFixture.Start(FreePort.Next(), new Dictionary<string, string?> { ["Gateway__Region"] = "east" });

        Assert.Equal(2, await process.ExitAsync(TimeSpan.FromSeconds(20)));
        Assert.Contains("the regions are north, south", process.Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{ "concurrent": 0 }""")]
    [InlineData("""{ "requests_per_second": 1000001 }""")]
    public async Task Limits_of_a_tenant_that_cannot_be_kept_are_refused(string limits)
    {
        var regions = Directory.CreateTempSubdirectory("jackpot-regions-");
        try
        {
            var text = await File.ReadAllTextAsync(Path.Combine(RepositoryFolder.Root, "tests/Jackpot.Gateway.Tests/Regions/Data/north/region.json"), TestContext.Current.CancellationToken);
            Directory.CreateDirectory(Path.Combine(regions.FullName, "north"));
            await File.WriteAllTextAsync(
                Path.Combine(regions.FullName, "north", "region.json"), text.Replace("""{ "concurrent": 2 }""", limits, StringComparison.Ordinal), TestContext.Current.CancellationToken);
            await using var process = GatewayFixture.Start(FreePort.Next(), new Dictionary<string, string?> { ["Gateway__Region"] = "north", ["Gateway__RegionsPath"] = regions.FullName });

            Assert.Equal(2, await process.ExitAsync(TimeSpan.FromSeconds(20)));
            Assert.Contains("tenant limited-at-once: each of 'limits' is 1 to 1000000", process.Output, StringComparison.Ordinal);
        }
        finally
        {
            regions.Delete(recursive: true);
        }
    }
}
