using Jackpot.Cli.Cluster;
using Jackpot.LocalProcesses;

namespace Jackpot.Cli.Up;

/// <summary>What can be known to be wrong before anything is started.</summary>
static class Preflight
{
    internal static void Check(ClusterPlan plan)
    {
        var busy = plan.Ports().Where(entry => !FreePort.IsFree(entry.Port)).Select(entry => $"{entry.Port} ({entry.Owner})").ToArray();
        if (busy.Length > 0)
        {
            throw new CommandException($"in use on 127.0.0.1: port {string.Join(", ", busy)}. Stop what listens there, or choose others with --base-port N or --free-ports.");
        }
        var dlls = plan.Processes.Select(process => process.Command).Where(command => command[0] == "dotnet").Select(command => command[1]);
        if (dlls.FirstOrDefault(dll => !File.Exists(dll)) is { } missing)
        {
            throw new CommandException($"{missing} is not built. Run ./jackpot up without --no-build.");
        }
    }
}
