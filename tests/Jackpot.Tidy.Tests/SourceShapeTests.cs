using System.Text.RegularExpressions;

namespace Jackpot.Tidy.Tests;

/// <summary>The house's rules about names and sizes.</summary>
public sealed partial class SourceShapeTests
{
    const int LinesMax = 400;
    static readonly string[] BannedFolders = ["Helpers", "Utils", "Utilities", "Common", "Managers", "Extensions", "Models", "Misc"];

    /// <summary>Files that may be longer, each with its reason.</summary>
    static readonly Dictionary<string, string> LongFiles = new()
    {
    };

    [GeneratedRegex(@"DateTime(Offset)?\.(Now|UtcNow|Today)|Guid\.(NewGuid|CreateVersion7)|\bRandom\b|RandomNumberGenerator|Stopwatch|Environment\.|HttpClient|\bFile\.|Task\.(Delay|Run)|TimeProvider\.System")]
    private static partial Regex Impure { get; }

    [Fact]
    public void Folders_are_business_nouns()
    {
        var banned = ((string[])["services", "gateway", "tests"]).SelectMany(SourceTree.Folders).Where(folder => BannedFolders.Contains(Path.GetFileName(folder)));
        Assert.Empty(banned.Select(SourceTree.Relative));
    }

    [Fact]
    public void No_source_file_is_longer_than_400_lines_without_a_reason()
    {
        var tooLong = SourceTree.Files("*.cs").Select(file => (Path: SourceTree.Relative(file), Lines: File.ReadLines(file).Count()))
            .Where(file => file.Lines > LinesMax && !LongFiles.ContainsKey(file.Path));
        Assert.Empty(tooLong);
    }

    [Fact]
    public void The_list_of_long_files_names_only_files_that_are_long() =>
        Assert.All(LongFiles.Keys, path => Assert.True(File.ReadLines(SourceTree.Absolute(path)).Count() > LinesMax, path));

    [Fact]
    public void Workflows_take_clock_ids_and_randomness_from_their_context_only()
    {
        var workflows = SourceTree.Files("*.workflow.cs", "services").ToArray();
        Assert.NotEmpty(workflows);

        var findings = workflows.SelectMany(file => File.ReadLines(file).Select((line, number) => $"{SourceTree.Relative(file)}:{number + 1}: {line.Trim()}"))
            .Where(line => Impure.IsMatch(line) && !line.Contains("//", StringComparison.Ordinal));
        Assert.Empty(findings);
    }
}
