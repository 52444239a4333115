using Jackpot.Cli.Cluster;

namespace Jackpot.Cli.Supervision;

/// <summary>`jackpot status`: exit code 0 when everything runs, 1 otherwise. Below a process stands what it says that it cannot do.</summary>
static class StatusCommand
{
    internal static async Task<int> RunAsync(string[] args)
    {
        var arguments = Arguments.Parse(args, ["--run-dir"], []);
        var run = RunFolder.At(ClusterOptions.RunDirectoryOf(arguments, RepositoryRoot.Find()));
        var state = ClusterState.Read(run.StateFile);
        if (state is null)
        {
            Console.WriteLine("Nothing is running.");
            return ExitCodes.Failed;
        }
        Console.WriteLine($"up since {state.StartedAt:u}, supervisor {(state.Supervisor.IsAlive ? $"pid {state.Supervisor.Pid}" : "NOT RUNNING")}, logs in {run.Logs}");
        using var http = new HttpClient { Timeout = ReadinessNotes.AnswerMax };
        var notes = await Task.WhenAll(state.Processes.Select(async process =>
            process is { Url: { } url, Identity.IsAlive: true } ? await ReadinessNotes.OfAsync(http, url) : []));
        foreach (var (process, cannot) in state.Processes.Zip(notes))
        {
            var alive = process.Identity?.IsAlive == true;
            Console.WriteLine($"  {process.Name,-18} {(alive ? process.State : process.State == "running" ? "gone" : process.State),-11} pid {process.Identity?.Pid,-8} restarts {process.Restarts,-3} {process.Url}");
            foreach (var note in cannot)
            {
                Console.WriteLine($"    ! {note}");
            }
        }
        var allRun = state.Supervisor.IsAlive && state.Processes.All(process => process.Identity?.IsAlive == true);
        return allRun ? ExitCodes.Done : ExitCodes.Failed;
    }
}
