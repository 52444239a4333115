using System.Diagnostics;
using Jackpot.LocalProcesses.Postgres;

namespace Jackpot.Cli.Postgres;

/// <summary>Finds PostgreSQL, or installs it from the distribution's packages when that is allowed.</summary>
static class PostgresInstallation
{
    const string ClusterConfiguration = "/etc/postgresql-common/createcluster.conf";
    static readonly TimeSpan InstallDeadline = TimeSpan.FromMinutes(10);

    /// <param name="dataVersion">Major version of the data that is there already; null for none.</param>
    internal static async Task<PostgresBinaries> FindOrInstallAsync(int? dataVersion, Action<string> report, CancellationToken cancellation)
    {
        if (PostgresBinaries.Find() is null)
        {
            report("installing PostgreSQL from the distribution's packages");
            await InstallAsync(cancellation);
        }
        var found = PostgresBinaries.Find(dataVersion);
        return found ?? throw new CommandException(dataVersion is { } version && PostgresBinaries.Find() is { } other
            ? $"the data was written by PostgreSQL {version}, but only {other.MajorVersion} is installed. Install postgresql-{version}, or choose another --run-dir."
            : $"PostgreSQL {PostgresBinaries.MajorVersionMin} or newer is still not there after the installation. Install it by hand: apt-get install postgresql");
    }

    static async Task InstallAsync(CancellationToken cancellation)
    {
        string[] elevate = PostgresAccount.MustDropRoot ? [] : ["sudo", "-n"];
        if (!File.Exists("/usr/bin/apt-get") || (elevate.Length > 0 && !await SucceedsAsync([.. elevate, "true"], cancellation)))
        {
            throw new CommandException(
                $"PostgreSQL {PostgresBinaries.MajorVersionMin} or newer is not installed, and there is no right to install it. Run: sudo apt-get install postgresql");
        }
        // Debian's package would start a server of its own on port 5432; the local cluster wants none.
        const string Install = $"""
            set -e; export DEBIAN_FRONTEND=noninteractive
            if [ ! -e {ClusterConfiguration} ]; then mkdir -p "$(dirname {ClusterConfiguration})"; echo 'create_main_cluster = false' >{ClusterConfiguration}; fi
            apt-get install -y -q postgresql || (apt-get update -q && apt-get install -y -q postgresql)
            """;
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        limit.CancelAfter(InstallDeadline);
        if (!await SucceedsAsync([.. elevate, "sh", "-c", Install], limit.Token))
        {
            throw new CommandException("PostgreSQL could not be installed from the distribution's packages. Run this by hand and see what it says: apt-get install postgresql");
        }
    }

    static async Task<bool> SucceedsAsync(string[] command, CancellationToken cancellation)
    {
        try
        {
            using var process = Process.Start(new ProcessStartInfo(command[0], command[1..]) { RedirectStandardOutput = true, RedirectStandardError = true })!;
            var output = process.StandardOutput.ReadToEndAsync(cancellation);
            var errors = process.StandardError.ReadToEndAsync(cancellation);
            await process.WaitForExitAsync(cancellation);
            await Task.WhenAll(output, errors);
            return process.ExitCode == 0;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return false;
        }
    }
}
