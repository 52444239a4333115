namespace Jackpot.LocalProcesses.Paths;

/// <summary>Finds installed programs.</summary>
public static class ProgramPath
{
    /// <summary>Where distributions put servers; an ordinary account's PATH often leaves these folders out.</summary>
    static readonly string[] ServerFolders = ["/usr/local/sbin", "/usr/sbin", "/sbin"];

    /// <summary>Full path of a program in PATH or in the folders of servers; null when it is not there.</summary>
    public static string? Find(string program) =>
        (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':', StringSplitOptions.RemoveEmptyEntries).Concat(ServerFolders)
            .Select(folder => Path.Combine(folder, program)).FirstOrDefault(IsThere);

    /// <summary>Whether there is a file of that path; a link whose file was taken away is none.</summary>
    public static bool IsThere(string path) => File.Exists(path) && (File.ResolveLinkTarget(path, returnFinalTarget: true)?.Exists ?? true);
}
