using System.Xml.Linq;

namespace Jackpot.Tidy.Tests.Folders;

/// <summary>EF Core stays where people read and edit rows (docs/adr/0008): not where a bet, a drop or a payout goes, and not in what a regulator reads.</summary>
public sealed class RowsTests
{
    const string Package = "Npgsql.EntityFrameworkCore.PostgreSQL";

    /// <summary>Folders on the way of a bet, a drop and a payout, and the loops beside them.</summary>
    static readonly string[] Hot =
        ["Archive", "Balancing", "Contributions", "ExternalTriggers", "Outbox", "Ownership", "Parking", "Payouts", "Quarantine", "Regions", "Requests", "Sidecar", "Streams"];

    [Fact]
    public void No_folder_on_the_way_of_a_bet_or_a_payout_knows_the_rows_of_EF_Core()
    {
        var imports = FolderDirectionTests.GraphOf("services/Jackpot.Shard").Imports.Where(import => import.To == "Rows").ToArray();
        Assert.NotEmpty(imports);
        Assert.DoesNotContain(imports, import => Hot.Contains(import.From));
    }

    [Fact]
    public void Only_the_shard_uses_EF_Core() => Assert.Equal(
        ["services/Jackpot.Shard/Jackpot.Shard.csproj"],
        SourceTree.Files("*.csproj", "services").Concat(SourceTree.Files("*.csproj", "gateway"))
            .Where(project => XDocument.Load(project).Descendants("PackageReference").Any(package => package.Attribute("Include")?.Value == Package))
            .Select(SourceTree.Relative));

    [Fact]
    public void The_folders_named_here_exist() =>
        Assert.All(Hot, folder => Assert.True(Directory.Exists(SourceTree.Absolute($"services/Jackpot.Shard/{folder}")), folder));
}
