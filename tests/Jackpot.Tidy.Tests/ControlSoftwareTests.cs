using System.Xml.Linq;

namespace Jackpot.Tidy.Tests;

/// <summary>What decides over a jackpot can be authorised apart from what shows it.</summary>
public sealed class ControlSoftwareTests
{
    static readonly string[] Displays = ["gateway", "services/Jackpot.Widgets", "services/Jackpot.Backoffice", "services/Jackpot.Providers", "services/Jackpot.Wallet"];
    static readonly string[] Deciding = ["Jackpot.Core.Contributions", "Jackpot.Core.Draws", "Jackpot.Core.Changes", "Jackpot.Core.Lifecycle"];

    [Fact]
    [Trait("Rule", "R46")]
    public void Nothing_is_built_from_the_control_software_but_itself()
    {
        var users = SourceTree.Files("*.csproj", "services").Concat(SourceTree.Files("*.csproj", "gateway"))
            .Where(project => XDocument.Load(project).Descendants("ProjectReference").Any(reference => reference.Attribute("Include")!.Value.EndsWith("Jackpot.Shard.csproj", StringComparison.Ordinal)));
        Assert.Empty(users.Select(SourceTree.Relative));
    }

    [Fact]
    [Trait("Rule", "R44")]
    [Trait("Rule", "R46")]
    public void What_shows_a_jackpot_knows_no_rule_that_decides_over_it()
    {
        var sources = Displays.SelectMany(folder => SourceTree.Files("*.cs", folder)).ToList();
        Assert.NotEmpty(sources);
        Assert.Empty(sources.Where(file => Deciding.Any(rules => File.ReadAllText(file).Contains(rules, StringComparison.Ordinal))).Select(SourceTree.Relative));
    }
}
