using System.Xml.Linq;

namespace Jackpot.Tidy.Tests;

/// <summary>What decides over a jackpot can be authorised apart from what shows it.</summary>
public sealed class ControlSoftwareTests
{
    const string ControlSoftware = "services/Jackpot.Shard/Jackpot.Shard.csproj";

    /// <summary>Projects that may know the rules that decide; every other project, a new one too, counts as one that shows.</summary>
    static readonly string[] MayKnowTheRules =
    [
        "services/Jackpot.Core", "services/Jackpot.Contracts", "services/Jackpot.Shard",

        // Recomputes for whoever doubts an outcome; decides none.
        "services/Jackpot.Cli",
    ];

    static readonly string[] Deciding = ["Jackpot.Core.Contributions", "Jackpot.Core.Draws", "Jackpot.Core.Changes", "Jackpot.Core.Lifecycle"];

    static IEnumerable<string> Projects => SourceTree.Files("*.csproj", "services").Concat(SourceTree.Files("*.csproj", "gateway"));

    public static TheoryData<string> WhatShows =>
        [.. Projects.Select(project => Path.GetDirectoryName(SourceTree.Relative(project))!).Except(MayKnowTheRules)];

    [Fact]
    [Trait("Rule", "R46")]
    public void Nothing_is_built_from_the_control_software_but_itself()
    {
        Assert.True(File.Exists(SourceTree.Absolute(ControlSoftware)), ControlSoftware);
        var users = Projects.Where(project => XDocument.Load(project).Descendants("ProjectReference")
            .Any(reference => Path.GetFileName(reference.Attribute("Include")!.Value) == Path.GetFileName(ControlSoftware)));
        Assert.Empty(users.Select(SourceTree.Relative));
    }

    [Theory]
    [MemberData(nameof(WhatShows))]
    [Trait("Rule", "R44")]
    [Trait("Rule", "R46")]
    public void What_shows_a_jackpot_knows_no_rule_that_decides_over_it(string project)
    {
        var sources = SourceTree.Files("*.cs", project).ToList();
        Assert.NotEmpty(sources);
        Assert.Empty(sources.Where(file => Deciding.Any(rules => File.ReadAllText(file).Contains(rules, StringComparison.Ordinal))).Select(SourceTree.Relative));
    }

    [Fact]
    [Trait("Rule", "R46")]
    public void The_projects_and_rules_named_here_exist()
    {
        Assert.All(MayKnowTheRules, project => Assert.NotEmpty(SourceTree.Files("*.csproj", project)));
        Assert.All(Deciding, rules => Assert.Contains(
            SourceTree.Files("*.cs", "services/Jackpot.Core"), file => File.ReadLines(file).Contains($"namespace {rules};")));
    }
}
