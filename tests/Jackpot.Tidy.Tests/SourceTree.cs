using Jackpot.TestKit;

namespace Jackpot.Tidy.Tests;

/// <summary>The repository's own files, without what is built, restored or run.</summary>
static class SourceTree
{
    static readonly HashSet<string> Skipped = ["bin", "obj", ".git", ".run", ".vs", ".idea", "node_modules", "dist", "TestResults"];

    /// <summary>Path from the root, with forward slashes.</summary>
    internal static string Relative(string path) => Path.GetRelativePath(RepositoryFolder.Root, path);

    internal static string Absolute(string relative) => Path.Combine(RepositoryFolder.Root, relative);

    internal static IEnumerable<string> Files(string pattern, string below = "") => Folders(below).SelectMany(folder => Directory.GetFiles(folder, pattern));

    /// <summary>This folder and all below it. A test that names a folder which is not there would else look at nothing and pass.</summary>
    internal static IEnumerable<string> Folders(string below) => Directory.Exists(Absolute(below))
        ? Walk(Absolute(below))
        : throw new DirectoryNotFoundException($"A test looks into '{below}', which does not exist. Name the folder that took its place.");

    static IEnumerable<string> Walk(string folder)
    {
        yield return folder;
        foreach (var below in Directory.GetDirectories(folder).Where(child => !Skipped.Contains(Path.GetFileName(child))).SelectMany(Walk))
        {
            yield return below;
        }
    }
}
