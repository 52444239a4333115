using System.ComponentModel;
using System.Diagnostics;
using Jackpot.LocalProcesses.Postgres;

namespace Jackpot.Cli.Setup;

/// <summary>Installs packages of the distribution, where there is apt-get and the right to use it.</summary>
static class DistributionPackages
{
    const string AptGet = "/usr/bin/apt-get";
    static readonly TimeSpan Deadline = TimeSpan.FromMinutes(10);

    /// <summary>Servers from these packages must not start by themselves: the cluster and the tests start private ones.</summary>
    const string Script = """
        set -e; export DEBIAN_FRONTEND=noninteractive
        policy=/usr/sbin/policy-rc.d
        if [ ! -e $policy ]; then
          trap "rm -f $policy" EXIT
          printf '#!/bin/sh\nexit 101\n' >$policy; chmod +x $policy
        fi
        cluster=/etc/postgresql-common/createcluster.conf
        if [ ! -e $cluster ]; then mkdir -p "$(dirname $cluster)"; echo 'create_main_cluster = false' >$cluster; fi
        apt-get install -y -q --no-install-recommends "$@" || { apt-get update -q; apt-get install -y -q --no-install-recommends "$@"; }
        """;

    /// <summary>Null when they are installed; otherwise the reason in one line.</summary>
    internal static async Task<string?> InstallAsync(IEnumerable<string> packages, CancellationToken cancellation)
    {
        string[] elevate = PostgresAccount.MustDropRoot ? [] : ["sudo", "-n"];
        if (!File.Exists(AptGet))
        {
            return $"there is no {AptGet} to install it with";
        }
        if (elevate.Length > 0 && (await RunAsync([.. elevate, "true"], cancellation)).ExitCode != 0)
        {
            return "there is no right to install it (neither root nor sudo without a password)";
        }
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        limit.CancelAfter(Deadline);
        try
        {
            var (exitCode, output) = await RunAsync([.. elevate, "sh", "-c", Script, "install", .. packages], limit.Token);
            return exitCode == 0 ? null : $"apt-get install {string.Join(' ', packages)} failed: {LastLine(output)}";
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            return $"apt-get install {string.Join(' ', packages)} was not done after {Deadline.TotalMinutes:0} minutes";
        }
    }

    static string LastLine(string output) => output.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).LastOrDefault() ?? "it said nothing";

    static async Task<(int ExitCode, string Output)> RunAsync(string[] command, CancellationToken cancellation)
    {
        try
        {
            using var process = Process.Start(new ProcessStartInfo(command[0], command[1..]) { RedirectStandardOutput = true, RedirectStandardError = true })!;
            using var kill = cancellation.Register(() => process.Kill(entireProcessTree: true));
            var output = process.StandardOutput.ReadToEndAsync(CancellationToken.None);
            var errors = process.StandardError.ReadToEndAsync(CancellationToken.None);
            await process.WaitForExitAsync(CancellationToken.None);
            cancellation.ThrowIfCancellationRequested();
            return (process.ExitCode, await output + await errors);
        }
        catch (Win32Exception error)
        {
            return (1, error.Message);
        }
    }
}
