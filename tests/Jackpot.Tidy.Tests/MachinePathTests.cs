using System.Text.RegularExpressions;

namespace Jackpot.Tidy.Tests;

/// <summary>The repository runs anywhere: no file names somebody's home or a build machine's folder.</summary>
public sealed partial class MachinePathTests
{
    static readonly string[] Patterns = ["*.cs", "*.csproj", "*.props", "*.json", "*.yaml", "*.md", "*.sql", "*.sh", "jackpot", "run"];

    // The characters in brackets keep this file from finding itself.
    [GeneratedRegex(@"[/]home/[a-z]|[/]Users/[A-Za-z]|C:\\Users|[/]work/[a-z]+|[/]tmp/[a-z0-9_.-]{3,}/")]
    private static partial Regex MachinePath { get; }

    [Fact]
    public void No_file_names_a_folder_of_one_machine()
    {
        var findings = Patterns.SelectMany(pattern => SourceTree.Files(pattern)).Distinct()
            .SelectMany(file => File.ReadLines(file).Select((line, number) => (Where: $"{SourceTree.Relative(file)}:{number + 1}", Line: line)))
            .Where(entry => MachinePath.IsMatch(entry.Line)).Select(entry => $"{entry.Where}: {entry.Line.Trim()}");
        Assert.Empty(findings);
    }
}
