using System.Text.RegularExpressions;

namespace Jackpot.Tidy.Tests;

/// <summary>Whoever reads "see there" finds it in this repository.</summary>
public sealed partial class CitedFilesTests
{
    [GeneratedRegex(@"[\w./-]*\w\.md\b")]
    private static partial Regex Page { get; }

    [GeneratedRegex(@"\]\((?<path>[^)#:\s]+)(?:#[^)]*)?\)")]
    private static partial Regex Link { get; }

    [Fact]
    public void Comments_cite_only_pages_that_are_here()
    {
        var pages = SourceTree.Files("*.md").Select(Path.GetFileName).ToHashSet(StringComparer.Ordinal);
        Assert.NotEmpty(pages);

        var missing = SourceTree.Files("*.cs")
            .SelectMany(file => File.ReadLines(file).Select((line, number) => (Place: $"{SourceTree.Relative(file)}:{number + 1}", Line: line.TrimStart())))
            .Where(cited => cited.Line.StartsWith("//", StringComparison.Ordinal))
            .SelectMany(cited => Page.Matches(cited.Line).Where(page => !pages.Contains(Path.GetFileName(page.Value))).Select(page => $"{cited.Place}: {page.Value}"));
        Assert.Empty(missing);
    }

    [Fact]
    public void Links_of_pages_lead_somewhere()
    {
        var broken = SourceTree.Files("*.md").SelectMany(file => Link.Matches(File.ReadAllText(file))
            .Select(link => link.Groups["path"].Value)
            .Where(path => !Path.Exists(Path.GetFullPath(path, Path.GetDirectoryName(file)!)))
            .Select(path => $"{SourceTree.Relative(file)}: {path}"));
        Assert.Empty(broken);
    }
}
