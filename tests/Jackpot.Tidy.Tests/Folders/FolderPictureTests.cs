namespace Jackpot.Tidy.Tests.Folders;

/// <summary>ARCHITECTURE.md's picture of projects and folders is true: every folder is in it, and knows only folders in rows below its own.</summary>
public sealed class FolderPictureTests
{
    const string Heading = "## Projects and folders";

    /// <summary>Rows of folders by project, from the top down.</summary>
    static readonly Dictionary<string, List<string[]>> Picture = Read(File.ReadAllLines(SourceTree.Absolute("ARCHITECTURE.md")));

    public static TheoryData<string> Projects => ["Jackpot.Shard", "Jackpot.Regulator", "Jackpot.Ledger", "Jackpot.Contracts", "Jackpot.Wallets", "Jackpot.Core"];

    static Dictionary<string, List<string[]>> Read(IEnumerable<string> page)
    {
        var (picture, rows) = (new Dictionary<string, List<string[]>>(), new List<string[]>());
        foreach (var line in page.SkipWhile(line => line != Heading).SkipWhile(line => line != "```text").Skip(1).TakeWhile(line => line != "```"))
        {
            if (line.StartsWith("Jackpot.", StringComparison.Ordinal) && !line.Contains("──", StringComparison.Ordinal))
            {
                picture.Add(line.Split(' ')[0], rows = []);
            }
            else if (line.StartsWith("    ", StringComparison.Ordinal))
            {
                rows.Add(line.Split('·', StringSplitOptions.TrimEntries));
            }
        }

        return picture;
    }

    [Fact]
    public void The_picture_shows_these_projects() => Assert.Equal(Projects.Select(row => row.Data), Picture.Keys);

    [Theory]
    [MemberData(nameof(Projects))]
    public void Every_folder_is_in_the_picture_once(string project)
    {
        var folders = SourceTree.Files("*.cs", $"services/{project}").Select(file => Path.GetRelativePath(SourceTree.Absolute($"services/{project}"), file).Split('/'))
            .Where(path => path.Length > 1).Select(path => path[0]).Distinct();
        Assert.Equal(folders.Order(StringComparer.Ordinal), Picture[project].SelectMany(row => row).Order(StringComparer.Ordinal));
    }

    [Theory]
    [MemberData(nameof(Projects))]
    public void A_folder_knows_only_folders_below_it(string project)
    {
        var height = Picture[project].SelectMany((row, index) => row.Select(folder => (folder, index))).ToDictionary(one => one.folder, one => one.index);
        var upward = FolderDirectionTests.GraphOf($"services/{project}").Imports.Where(import => height[import.To] <= height[import.From]);
        Assert.Empty(upward);
    }
}
