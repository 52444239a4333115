namespace Jackpot.TestKit;

/// <summary>Finds the repository and what was built from it, from wherever the tests run.</summary>
public static class RepositoryFolder
{
    const string Landmark = "Jackpot.Dapr.sln";

    /// <summary>The folder that holds the solution.</summary>
    public static string Root { get; } = Find();

    /// <summary>Debug or Release, as the running test was built.</summary>
    public static string Configuration { get; } = AppContext.BaseDirectory.Contains("/Release/", StringComparison.Ordinal) ? "Release" : "Debug";

    /// <summary>The built dll of a project, for example <c>BuiltDll("services/Jackpot.Shard")</c>, in the configuration of the running test.</summary>
    public static string BuiltDll(string projectFolder)
    {
        var dll = Path.Combine(Root, projectFolder, "bin", Configuration, "net10.0", Path.GetFileName(projectFolder) + ".dll");
        return File.Exists(dll) ? dll : throw new FileNotFoundException($"{dll} is not built. Build the solution first: dotnet build {Landmark}");
    }

    static string Find()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, Landmark)))
            {
                return folder.FullName;
            }
        }
        throw new DirectoryNotFoundException($"{Landmark} was not found in any folder above {AppContext.BaseDirectory}.");
    }
}
