namespace Jackpot.Cli;

static class RepositoryRoot
{
    const string Landmark = "tye.yaml";

    /// <summary>The folder of tye.yaml, found upwards from this program.</summary>
    internal static string Find()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, Landmark)))
            {
                return folder.FullName;
            }
        }
        throw new CommandException($"{Landmark} was not found in any folder above {AppContext.BaseDirectory}.");
    }
}
