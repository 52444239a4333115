using System.Xml.Linq;

namespace Jackpot.Tidy.Tests;

/// <summary>What decides over a jackpot can be authorised apart from what shows it.</summary>
public sealed class ControlSoftwareTests
{
    /// <summary>What decides and records, and who may be built from each part of it.</summary>
    static readonly Dictionary<string, string[]> ControlSoftware = new()
    {
        ["services/Jackpot.Shard/Jackpot.Shard.csproj"] = [],

        // What a regulator reads is shown by the shard alone, and writes nothing: see RegulatorReadsTests.
        ["services/Jackpot.Ledger/Jackpot.Ledger.csproj"] = ["Jackpot.Regulator", "Jackpot.Shard"],
    };

    /// <summary>Projects that may know the rules that decide; every other project, a new one too, counts as one that shows.</summary>
    static readonly string[] MayKnowTheRules =
    [
        "services/Jackpot.Core", "services/Jackpot.Contracts", "services/Jackpot.Ledger", "services/Jackpot.Shard",

        // Recompute for whoever doubts an outcome; decide none.
        "services/Jackpot.Regulator", "services/Jackpot.Cli",
    ];

    static readonly string[] Deciding = ["Jackpot.Core.Contributions", "Jackpot.Core.Draws", "Jackpot.Core.Changes", "Jackpot.Core.Lifecycle"];

    static IEnumerable<string> Projects => SourceTree.Files("*.csproj", "services").Concat(SourceTree.Files("*.csproj", "gateway"));

    public static TheoryData<string> WhatShows =>
        [.. Projects.Select(project => Path.GetDirectoryName(SourceTree.Relative(project))!).Except(MayKnowTheRules)];

    [Fact]
    [Trait("Rule", "R46")]
    public void Nothing_is_built_from_the_control_software_but_itself()
    {
        foreach (var (project, allowed) in ControlSoftware)
        {
            Assert.True(File.Exists(SourceTree.Absolute(project)), project);
            var users = Projects.Where(user => XDocument.Load(user).Descendants("ProjectReference")
                .Any(reference => Path.GetFileName(reference.Attribute("Include")!.Value) == Path.GetFileName(project)));
            Assert.Empty(users.Select(user => Path.GetFileNameWithoutExtension(user)).Except(allowed));
        }
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
