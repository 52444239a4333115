using Jackpot.Contracts.Regions;
using Jackpot.Ledger.Settings;
using Jackpot.Shard.Regions;

namespace Jackpot.Shard.Tests.Regions;

/// <summary>The one reader of region files, for the gateway as for the shard.</summary>
public sealed class RegionFileTests : IDisposable
{
    const string Sound = """
        {
          "region": "north", "gateway_url": "http://north.example", "shards": ["north-1"], "currencies": ["EUR", "USD"],
          "fx": { "version": 3, "rates": [ { "from": "USD", "to": "EUR", "rate": 0.92 } ] },
          "tenants": [ { "tenant_id": "brand-1", "shard": "north-1", "brand": "One", "licence": "L-1", "wallet_url": "http://wallet.example" } ]
        }
        """;

    readonly string _folder = Directory.CreateTempSubdirectory("jackpot-regions-").FullName;

    void Write(string region, string text) => File.WriteAllText(Path.Combine(Directory.CreateDirectory(Path.Combine(_folder, region)).FullName, RegionFile.FileName), text);

    [Fact]
    public void A_region_is_read_with_exact_rates()
    {
        Write("north", Sound);
        var faults = new List<string>();
        var region = Assert.Single(RegionFile.ReadAll(_folder, faults));
        Assert.Empty(faults);
        Assert.Equal(new RegionRate("USD", "EUR", 920_000_000), Assert.Single(region.Fx.Rates));
        Assert.Equal(new RegionTenant("brand-1", "north-1", "http://wallet.example", "One", "L-1"), Assert.Single(region.Tenants));
    }

    [Theory]
    [InlineData("\"gateway_url\": \"http://north.example\", ", "")]
    [InlineData("\"currencies\": [\"EUR\", \"USD\"],", "")]
    [InlineData(", \"wallet_url\": \"http://wallet.example\"", "")]
    [InlineData("\"north-1\", \"brand", "null, \"brand")]
    [InlineData("\"brand\": \"One\", ", "")]
    [InlineData(", \"licence\": \"L-1\"", "")]
    [InlineData("0.92", "0.9200000001")]
    [InlineData("0.92", "0")]
    [InlineData("0.92", "\"0.92\"")]
    public void What_is_missing_or_cannot_be_read_is_a_fault_of_its_file_and_no_other(string said, string instead)
    {
        Write("north", Sound);
        Write("south", Sound.Replace(said, instead, StringComparison.Ordinal));
        var faults = new List<string>();
        Assert.Single(RegionFile.ReadAll(_folder, faults));
        Assert.Contains(Path.Combine("south", RegionFile.FileName), Assert.Single(faults), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("brand", "One", "")]
    [InlineData("brand", "One", " One")]
    [InlineData("brand", "One", "O\\u0007ne")]
    [InlineData("licence", "L-1", "L-1 ")]
    [InlineData("licence", "L-1", "12345678901234567890123456789012345678901234567890123456789012345")]
    public void A_name_that_no_metric_can_show_is_a_fault(string field, string said, string instead)
    {
        Write("north", Sound.Replace($"\"{field}\": \"{said}\"", $"\"{field}\": \"{instead}\"", StringComparison.Ordinal));
        var faults = new List<string>();
        RegionFile.ReadAll(_folder, faults);
        Assert.Contains($"tenant brand-1: '{field}'", Assert.Single(faults), StringComparison.Ordinal);
    }

    [Fact]
    public void A_shard_refuses_to_start_in_a_region_that_is_not_there_or_from_files_with_faults()
    {
        Write("north", Sound);
        var nowhere = Assert.Throws<InvalidOperationException>(() => new TenantDirectory(Of("east", "north-1"), null));
        Assert.Contains("the regions are north", nowhere.Message, StringComparison.Ordinal);
        Assert.True(new TenantDirectory(Of("north", "north-1"), null).PlaysIn("USD"));

        Write("south", "{");
        Assert.Throws<InvalidOperationException>(() => new TenantDirectory(Of("north", "north-1"), null));
    }

    ShardOptions Of(string region, string shard) => new() { Id = shard, Region = region, RegionsPath = _folder };

    public void Dispose() => Directory.Delete(_folder, recursive: true);
}
