using System.Diagnostics;
using Jackpot.Cli.Cluster;
using Jackpot.Cli.Logs;
using Jackpot.Cli.Supervision;

namespace Jackpot.Cli.Up;

/// <summary>Starts the supervisor in a session of its own, so that it outlives this command and its terminal.</summary>
static class BackgroundSupervisor
{
    internal const string LogName = "supervisor.log";

    internal static void Start(RunFolder run)
    {
        string[] command = ["setsid", "dotnet", typeof(BackgroundSupervisor).Assembly.Location, "supervise", "--run-dir", run.Path];
        using var process = Process.Start(LoggedCommand.Create(Path.Combine(run.Logs, LogName), command))
            ?? throw new CommandException("the supervisor could not be started.");
    }
}
