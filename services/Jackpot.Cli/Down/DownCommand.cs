using Jackpot.Cli.Cluster;
using Jackpot.Cli.Supervision;

namespace Jackpot.Cli.Down;

/// <summary>`jackpot down`. The data stays where it is.</summary>
static class DownCommand
{
    internal static async Task<int> RunAsync(string[] args, CancellationToken stop)
    {
        stop.ThrowIfCancellationRequested();
        var arguments = Arguments.Parse(args, ["--run-dir"], []);
        var run = RunFolder.At(ClusterOptions.RunDirectoryOf(arguments, RepositoryRoot.Find()));
        var state = ClusterState.Read(run.StateFile);
        var stopped = await ClusterStop.StopAsync(run, state);
        await Console.Out.WriteLineAsync(state is null ? "Nothing is running." : $"Stopped {stopped} processes. The data stays in {run.Path}.");
        return ExitCodes.Done;
    }
}
