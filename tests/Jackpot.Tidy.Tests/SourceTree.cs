using Jackpot.TestKit;

namespace Jackpot.Tidy.Tests;

/// <summary>The repository's own files, without what is built, restored or run.</summary>
static class SourceTree
{
    static readonly HashSet<string> Skipped = ["bin", "obj", ".git", ".run", ".vs", ".idea", "node_modules", "dist", "TestResults"];

    /// <summary>Path from the root, with forward slashes.</summary>
    internal static string Relative(string path) => Path.GetRelativePath(RepositoryFolder.Root, path);

    internal static string Absolute(string relative) => Path.Combine(RepositoryFolder.Root, relative);

    internal static IEnumerable<string> Files(string pattern, string below = "") => Walk(Absolute(below)).SelectMany(folder => Directory.GetFiles(folder, pattern));

    internal static IEnumerable<string> Folders(string below) => Walk(Absolute(below));

    static IEnumerable<string> Walk(string folder)
    {
        if (!Directory.Exists(folder))
        {
            yield break;
        }
        yield return folder;
        foreach (var below in Directory.GetDirectories(folder).Where(child => !Skipped.Contains(Path.GetFileName(child))).SelectMany(Walk))
        {
            yield return below;
        }
    }
}
