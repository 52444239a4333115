using System.Text.RegularExpressions;

namespace Jackpot.Tidy.Tests.Folders;

/// <summary>
/// Inside a project the top folders point one way, as the projects do: no folder knows, through however many others, one that knows it.
/// The picture in ARCHITECTURE.md shows the order.
/// </summary>
public sealed partial class FolderDirectionTests
{
    /// <summary>Folders that still lie on a cycle, project by project, each with the reason. A list may become shorter and never longer.</summary>
    static readonly Dictionary<string, (string Why, string[] Folders)> NotYet = new()
    {
        ["services/Jackpot.LocalDapr"] = (
            "A sidecar knows every building block and every building block its sidecar; what they share is to become a folder below both.",
            [
                "Actors", "Apps", "Bindings", "Calls", "Components", "Faults", "Health", "Invocation",
                "Jobs", "PubSub", "Reminders", "Resiliency", "Schedules", "Secrets", "Sidecars", "State", "Storage",
                "Workflows",
            ]),
    };

    [GeneratedRegex(@"^namespace ([\w.]+);", RegexOptions.Multiline)]
    private static partial Regex Namespace { get; }

    public static TheoryData<string> Projects =>
        [.. SourceTree.Files("*.csproj", "services").Concat(SourceTree.Files("*.csproj", "gateway")).Select(project => Path.GetDirectoryName(SourceTree.Relative(project))!)];

    static List<(string Path, string Text)> FilesOf(string project) =>
        [.. SourceTree.Files("*.cs", project).Select(file => (Path.GetRelativePath(SourceTree.Absolute(project), file), File.ReadAllText(file)))];

    internal static FolderGraph GraphOf(string project) => FolderGraph.Of(Path.GetFileName(project), FilesOf(project));

    [Theory]
    [MemberData(nameof(Projects))]
    public void Folders_of_a_project_point_one_way(string project)
    {
        var cycle = NotYet.ContainsKey(project) ? null : GraphOf(project).Cycle();
        Assert.True(cycle is null, $"{project}: {cycle}");
    }

    [Fact]
    public void What_does_not_yet_point_one_way_is_listed_and_nothing_else() => Assert.All(NotYet, listed =>
    {
        var (project, (why, folders)) = listed;
        Assert.NotEmpty(why);
        Assert.Equal(folders.Order(StringComparer.Ordinal), GraphOf(project).OnCycles());
    });

    [Theory]
    [MemberData(nameof(Projects))]
    public void A_namespace_is_its_folder(string project)
    {
        var root = Path.GetFileName(project);
        var strangers = FilesOf(project).Select(file => (file.Path, Found: Namespace.Match(file.Text).Groups[1].Value))
            .Where(file => file.Found.Length > 0 && file.Found != string.Join('.', [root, .. file.Path.Split('/')[..^1]]));
        Assert.Empty(strangers);
    }

    [Fact]
    public void A_cycle_is_found_and_told_with_the_files_that_close_it()
    {
        var graph = FolderGraph.Of("Jackpot.Shard",
        [
            ("Alpha/A.cs", "using Jackpot.Shard.Beta;\nnamespace Jackpot.Shard.Alpha;"),
            ("Beta/B.cs", "using static Jackpot.Shard.Gamma.Deep.C;\nnamespace Jackpot.Shard.Beta;"),
            ("Gamma/Deep/C.cs", "namespace Jackpot.Shard.Gamma.Deep; class C { Alpha.A? _a; }"),
            ("Delta/D.cs", "using Jackpot.Shard.Alpha;\nnamespace Jackpot.Shard.Delta;"),
            ("App.cs", "using Jackpot.Shard.Delta;\nnamespace Jackpot.Shard;"),
        ]);
        Assert.Equal("Alpha -> Beta (Alpha/A.cs) -> Gamma (Beta/B.cs) -> Alpha (Gamma/Deep/C.cs)", graph.Cycle());
        Assert.Equal(["Alpha", "Beta", "Gamma"], graph.OnCycles());
    }

    [Theory]
    [InlineData("using Jackpot.Shard.Beta;")]
    [InlineData("using B = Jackpot.Shard.Beta.B;")]
    [InlineData("class A { Jackpot.Shard.Beta.B? _b; }")]
    [InlineData("class A { Shard.Beta.B? _b; }")]
    [InlineData("class A { Beta.B? _b; }")]
    public void Every_way_to_name_another_folder_is_an_import(string text)
    {
        var graph = FolderGraph.Of("Jackpot.Shard", [("Alpha/A.cs", text), ("Beta/B.cs", "namespace Jackpot.Shard.Beta;")]);
        Assert.Equal(("Alpha", "Beta", "Alpha/A.cs"), Assert.Single(graph.Imports));
    }

    [Theory]
    [InlineData("using Jackpot.Core.Beta;")]
    [InlineData("class A { int Count => one.Beta.Count + Beta.Count; }")]
    [InlineData("using Jackpot.Shard.Alpha;")]
    public void What_only_looks_like_one_is_none(string text)
    {
        var graph = FolderGraph.Of("Jackpot.Shard", [("Alpha/A.cs", text), ("Beta/B.cs", "namespace Jackpot.Shard.Beta;")]);
        Assert.Empty(graph.Imports);
    }
}
