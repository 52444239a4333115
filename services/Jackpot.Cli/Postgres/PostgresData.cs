using System.Security.Cryptography;
using System.Text;
using Jackpot.Cli.Cluster;
using Jackpot.LocalProcesses.Postgres;

namespace Jackpot.Cli.Postgres;

/// <summary>Where the local cluster's data lies: in the run folder, or where the server's account can reach it.</summary>
static class PostgresData
{
    internal const string VersionFile = "PG_VERSION";
    const string FallbackParent = "/var/tmp";

    /// <summary>An existing folder that the server's account owns. For root that account is "postgres", which cannot enter, for example, /root.</summary>
    internal static async Task<string> PrepareAsync(PlaceFolder place, CancellationToken cancellation)
    {
        foreach (var folder in (string[])[place.PostgresData, FallbackFor(place)])
        {
            await OwnAsync(folder, cancellation);
            if ((await PostgresAccount.RunAsync(["test", "-w", folder], cancellation)).ExitCode == 0)
            {
                return folder;
            }
            if (File.Exists(Path.Combine(folder, VersionFile)))
            {
                break;
            }
            Directory.Delete(folder);
        }
        throw new CommandException($"neither {place.PostgresData} nor {FallbackFor(place)} can be used by the account that PostgreSQL runs as. Choose another folder with --run-dir.");
    }

    /// <summary>Major version that wrote the data; null when there is none yet.</summary>
    internal static int? Version(PlaceFolder place)
    {
        var file = ((string[])[place.PostgresData, FallbackFor(place)]).Select(folder => Path.Combine(folder, VersionFile)).FirstOrDefault(File.Exists);
        return file is null ? null : int.Parse(File.ReadAllText(file).Trim());
    }

    static async Task OwnAsync(string folder, CancellationToken cancellation)
    {
        if (Directory.Exists(folder))
        {
            return;
        }
        Directory.CreateDirectory(folder, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        if (PostgresAccount.MustDropRoot)
        {
            using var chown = System.Diagnostics.Process.Start("chown", ["postgres:postgres", folder]);
            await chown.WaitForExitAsync(cancellation);
        }
    }

    static string FallbackFor(PlaceFolder place) =>
        Path.Combine(FallbackParent, "jackpot-postgres-" + Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(place.Path)))[..12]);
}
