using System.Diagnostics;
using Jackpot.LocalProcesses.Paths;

namespace Jackpot.LocalProcesses.Postgres;

/// <summary>A PostgreSQL server installation: where its programs lie and which major version they are.</summary>
/// <param name="Directory">Folder with postgres, initdb and pg_ctl.</param>
/// <param name="MajorVersion">15 or above.</param>
public sealed record PostgresBinaries(string Directory, int MajorVersion)
{
    /// <summary>The oldest major version that the shards' schema is tested with.</summary>
    public const int MajorVersionMin = 15;

    const string DebianRoot = "/usr/lib/postgresql";

    /// <summary>Full path of one of the installation's programs.</summary>
    public string Program(string name) => Path.Combine(Directory, name);

    /// <summary>
    /// The newest installation of <see cref="MajorVersionMin"/> or above in PATH or Debian's folders, or the one of exactly
    /// <paramref name="majorVersion"/>; null when there is none.
    /// </summary>
    public static PostgresBinaries? Find(int? majorVersion = null) =>
        Candidates().Select(Inspect).OfType<PostgresBinaries>()
            .Where(found => found.MajorVersion >= MajorVersionMin && found.MajorVersion == (majorVersion ?? found.MajorVersion))
            .MaxBy(found => found.MajorVersion);

    /// <summary>Like <see cref="Find"/>, but a missing server is an error that says what to install.</summary>
    public static PostgresBinaries FindRequired() => Find() ?? throw new InvalidOperationException(
        $"No PostgreSQL {MajorVersionMin} or newer was found in PATH or {DebianRoot}/*/bin. Install it with: apt-get install postgresql");

    static IEnumerable<string> Candidates()
    {
        var path = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':', StringSplitOptions.RemoveEmptyEntries);
        var debian = System.IO.Directory.Exists(DebianRoot)
            ? System.IO.Directory.GetDirectories(DebianRoot).Select(version => Path.Combine(version, "bin"))
            : [];
        return path.Concat(debian).Where(folder =>
            ProgramPath.IsThere(Path.Combine(folder, "postgres")) && ProgramPath.IsThere(Path.Combine(folder, "initdb"))).Select(Resolved).Distinct();
    }

    /// <summary>PATH may hold links to some of the programs; the folder that they lead to holds all.</summary>
    static string Resolved(string folder) =>
        Path.GetDirectoryName(File.ResolveLinkTarget(Path.Combine(folder, "postgres"), returnFinalTarget: true)?.FullName) ?? folder;

    static PostgresBinaries? Inspect(string folder)
    {
        using var process = Process.Start(new ProcessStartInfo(Path.Combine(folder, "postgres"), "--version") { RedirectStandardOutput = true })!;
        var text = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        // "postgres (PostgreSQL) 15.18 (Debian 15.18-0+deb12u1)"
        var version = text.Split(' ').Skip(2).FirstOrDefault()?.Split('.', 'b', 'r')[0];
        return int.TryParse(version, out var major) ? new PostgresBinaries(folder, major) : null;
    }
}
