using Jackpot.LocalProcesses;

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
}
