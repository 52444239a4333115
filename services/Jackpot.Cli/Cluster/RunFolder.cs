namespace Jackpot.Cli.Cluster;

/// <summary>The folder (.run) that holds a local cluster's data, logs, secrets and state; a folder in it for each region, and one for what lies between them.</summary>
sealed class RunFolder
{
    const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    RunFolder(string path) => Path = path;

    internal string Path { get; }
    internal string Logs => System.IO.Path.Combine(Path, "logs");
    internal string PlanFile => System.IO.Path.Combine(Path, "plan.json");
    internal string StateFile => System.IO.Path.Combine(Path, "cluster.json");

    /// <summary>Names the folder without touching it.</summary>
    internal static RunFolder At(string path) => new(path);

    /// <summary>Creates what is missing: the folder and its log folder.</summary>
    internal static RunFolder Prepare(string path)
    {
        var run = new RunFolder(path);
        run.RefuseOldLayout();
        try
        {
            Directory.CreateDirectory(run.Logs);
        }
        catch (Exception error) when (error is UnauthorizedAccessException or IOException)
        {
            throw new CommandException($"{path} cannot be written: {error.Message} Choose another folder with --run-dir.");
        }
        return run;
    }

    /// <summary>Writes a file that only its owner may read, whole or not at all.</summary>
    internal static void WritePrivate(string file, string text)
    {
        var draft = $"{file}.{Environment.ProcessId}.new";
        using (var stream = new FileStream(draft, new FileStreamOptions { Mode = FileMode.Create, Access = FileAccess.Write, UnixCreateMode = OwnerOnly }))
        using (var writer = new StreamWriter(stream))
        {
            writer.Write(text);
        }
        File.Move(draft, file, overwrite: true);
    }

    /// <summary>Up to version 0.1 one PostgreSQL held every region, with one password and one key.</summary>
    void RefuseOldLayout()
    {
        if (File.Exists(System.IO.Path.Combine(Path, "secrets.json")))
        {
            throw new CommandException(
                $"{Path} was made by a version that kept all regions in one PostgreSQL; its data is untouched. Choose another folder with --run-dir, or carry it over as docs/storage.md says.");
        }
    }
}
