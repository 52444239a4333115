using System.Text.RegularExpressions;
using System.Xml.Linq;

namespace Jackpot.Tidy.Tests;

/// <summary>What is released has one number, a list of changes and a commit.</summary>
public sealed partial class ReleaseTests
{
    const string BuildProperties = "Directory.Build.props";

    [GeneratedRegex("^[0-9a-f]{40}$")]
    private static partial Regex Commit { get; }

    [Fact]
    public void The_version_stands_in_one_place_and_its_changes_are_told()
    {
        var places = SourceTree.Files("*.csproj").Concat(SourceTree.Files("Directory.*.props"))
            .Where(file => XDocument.Load(file).Descendants().Any(element => element.Name.LocalName is "Version" or "VersionPrefix" or "AssemblyVersion" or "InformationalVersion"));
        Assert.Equal([BuildProperties], places.Select(SourceTree.Relative));

        var version = XDocument.Load(SourceTree.Absolute(BuildProperties)).Descendants("Version").Single().Value;
        Assert.Contains($"## {version}", File.ReadLines(SourceTree.Absolute("CHANGELOG.md")));
    }

    [Fact]
    public void The_last_release_is_named_by_its_commit() =>
        Assert.Matches(Commit, File.ReadAllText(SourceTree.Absolute("tests/upgrade/last-release")).TrimEnd());

    /// <summary>A new release leaves databases of its own: tests/upgrade/leave-databases.</summary>
    [Fact]
    public void The_databases_that_upgrades_are_tested_on_are_the_last_release_s() =>
        Assert.Equal(File.ReadAllText(SourceTree.Absolute("tests/upgrade/last-release")), File.ReadAllText(SourceTree.Absolute("tests/upgrade/left-by-last-release/commit")));
}
