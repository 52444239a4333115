using System.Diagnostics;

namespace Jackpot.LocalProcesses.Postgres;

/// <summary>The operating-system account that PostgreSQL runs as: the caller's own, or "postgres" when the caller is root.</summary>
/// <remarks>The server refuses to run as root, so a root caller drops its rights with setpriv (util-linux) first.</remarks>
public static class PostgresAccount
{
    const string ServiceAccount = "postgres";

    /// <summary>Whether commands for PostgreSQL must leave root first.</summary>
    public static bool MustDropRoot => Environment.UserName == "root";

    /// <summary>A start description that runs the program as the right account, from a folder which that account may enter.</summary>
    public static ProcessStartInfo Command(string program, params IEnumerable<string> arguments)
    {
        var start = new ProcessStartInfo(MustDropRoot ? "setpriv" : program) { WorkingDirectory = "/" };
        if (MustDropRoot)
        {
            foreach (var part in (string[])["--reuid", ServiceAccount, "--regid", ServiceAccount, "--init-groups", program])
            {
                start.ArgumentList.Add(part);
            }
        }
        foreach (var argument in arguments)
        {
            start.ArgumentList.Add(argument);
        }
        return start;
    }

    /// <summary>Runs a command as that account and answers its exit code and what it printed.</summary>
    public static async Task<(int ExitCode, string Output)> RunAsync(IEnumerable<string> commandLine, CancellationToken cancellation)
    {
        var program = commandLine.First();
        var start = Command(program, commandLine.Skip(1));
        start.RedirectStandardOutput = start.RedirectStandardError = true;
        using var process = Process.Start(start) ?? throw new InvalidOperationException($"{program} could not be started.");
        var output = process.StandardOutput.ReadToEndAsync(cancellation);
        var errors = process.StandardError.ReadToEndAsync(cancellation);
        await process.WaitForExitAsync(cancellation);
        return (process.ExitCode, await output + await errors);
    }

    /// <summary>Like <see cref="RunAsync"/>, but a failure throws with what the program said.</summary>
    public static async Task RequireAsync(IEnumerable<string> commandLine, CancellationToken cancellation)
    {
        var (exitCode, output) = await RunAsync(commandLine, cancellation);
        if (exitCode != 0)
        {
            throw new InvalidOperationException($"{commandLine.First()} ended with {exitCode}: {output.Trim()}");
        }
    }
}
