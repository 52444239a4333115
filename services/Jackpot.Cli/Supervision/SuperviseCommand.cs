using Jackpot.Cli.Cluster;
using Jackpot.LocalProcesses;

namespace Jackpot.Cli.Supervision;

/// <summary>The background process that `up` leaves behind. Not meant to be called by hand.</summary>
static class SuperviseCommand
{
    static readonly TimeSpan ParentCheckInterval = TimeSpan.FromSeconds(1);

    internal static async Task<int> RunAsync(string[] args, CancellationToken stop)
    {
        var arguments = Arguments.Parse(args, ["--run-dir"], []);
        var run = RunFolder.At(arguments.Text("--run-dir") ?? throw new CommandException("supervise needs --run-dir.", ExitCodes.Usage));
        var plan = ClusterPlanJson.Read(run.PlanFile);
        using var end = CancellationTokenSource.CreateLinkedTokenSource(stop);
        var watch = plan.ParentPid is { } parent ? EndWithAsync(parent, end) : Task.CompletedTask;
        await new Supervisor(plan).RunAsync(end.Token);
        await end.CancelAsync();
        await watch;
        return ExitCodes.Done;
    }

    /// <summary>A test's cluster ends with the test program, however that ends.</summary>
    static async Task EndWithAsync(int parent, CancellationTokenSource end)
    {
        while (!end.IsCancellationRequested && UnixSignal.IsAlive(parent))
        {
            await Task.Delay(ParentCheckInterval, end.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
        await end.CancelAsync();
    }
}
