using System.Xml.Linq;

namespace Jackpot.Tidy.Tests;

/// <summary>DESIGN's "References": who may know whom. A project that is not in the table may not exist.</summary>
public sealed class ProjectReferenceTests
{
    static readonly Dictionary<string, string[]> Allowed = new()
    {
        ["Jackpot.Core"] = [],
        ["Jackpot.Contracts"] = ["Jackpot.Core"],
        ["Jackpot.LocalProcesses"] = [],
        ["Jackpot.ServiceDefaults"] = [],
        ["Jackpot.LocalDapr"] = ["Jackpot.ServiceDefaults"],
        ["Jackpot.Ledger"] = ["Jackpot.Core", "Jackpot.Contracts"],
        ["Jackpot.Regulator"] = ["Jackpot.Core", "Jackpot.Contracts", "Jackpot.Ledger"],
        ["Jackpot.Shard"] = ["Jackpot.Core", "Jackpot.Contracts", "Jackpot.Ledger", "Jackpot.Regulator", "Jackpot.ServiceDefaults", "Jackpot.Streams", "Jackpot.Wallets"],
        ["Jackpot.Streams"] = ["Jackpot.Contracts", "Jackpot.ServiceDefaults"],
        ["Jackpot.Wallets"] = ["Jackpot.Core"],
        ["Jackpot.Wallet"] = ["Jackpot.ServiceDefaults", "Jackpot.Wallets"],
        ["Jackpot.Cli"] = ["Jackpot.Core", "Jackpot.Contracts", "Jackpot.LocalProcesses", "Jackpot.Wallets"],
        ["Jackpot.Bench"] = ["Jackpot.LocalProcesses"],
        ["Jackpot.Gateway"] = ["Jackpot.Contracts", "Jackpot.ServiceDefaults", "Jackpot.Streams"],
    };

    public static TheoryData<string> Projects => [.. SourceTree.Files("*.csproj", "services").Concat(SourceTree.Files("*.csproj", "gateway")).Select(SourceTree.Relative)];

    [Theory]
    [MemberData(nameof(Projects))]
    public void A_project_references_only_what_the_design_allows(string project)
    {
        var name = Path.GetFileNameWithoutExtension(project);
        Assert.True(Allowed.TryGetValue(name, out var allowed), $"{project} is not in this test's table; add it with what it may reference.");

        var references = XDocument.Load(SourceTree.Absolute(project)).Descendants("ProjectReference")
            .Select(reference => Path.GetFileNameWithoutExtension(reference.Attribute("Include")!.Value));
        Assert.Empty(references.Except(allowed!));
    }

    [Fact]
    public void Every_project_of_the_table_exists() =>
        Assert.Empty(Allowed.Keys.Except(Projects.Select(row => Path.GetFileNameWithoutExtension(row.Data))));

    [Fact]
    public void Core_uses_no_package_at_run_time()
    {
        var packages = XDocument.Load(SourceTree.Absolute("services/Jackpot.Core/Jackpot.Core.csproj")).Descendants("PackageReference");
        Assert.All(packages, package => Assert.Equal("all", package.Attribute("PrivateAssets")?.Value));
    }
}
