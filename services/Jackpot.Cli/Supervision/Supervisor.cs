using Jackpot.Cli.Cluster;
using Jackpot.Cli.Logs;
using Jackpot.Cli.Postgres;
using Jackpot.LocalProcesses;

namespace Jackpot.Cli.Supervision;

/// <summary>Keeps a planned cluster running until it is told to stop. The only writer of cluster.json.</summary>
sealed class Supervisor
{
    readonly ClusterPlan _plan;
    readonly RunFolder _run;
    readonly DateTimeOffset _startedAt = DateTimeOffset.UtcNow;
    readonly Lock _lock = new();
    readonly List<(PostgresPlan Plan, SupervisedProcess Process)> _postgres = [];
    readonly List<(ProcessPlan Plan, SupervisedProcess Process)> _processes = [];

    internal Supervisor(ClusterPlan plan)
    {
        _plan = plan;
        _run = RunFolder.At(plan.RunDirectory);
        foreach (var postgres in plan.Postgres)
        {
            var log = LogOf(postgres.Name);
            _postgres.Add((postgres, new SupervisedProcess(
                postgres.Name, () => new ClusterPostgres(postgres).Command(log), log, UnixSignal.Interrupt, RestartPolicy.PostgresPauseAfter, _ => WriteState())));
        }
        foreach (var process in plan.Processes)
        {
            var log = LogOf(process.Name);
            _processes.Add((process, new SupervisedProcess(
                process.Name, () => LoggedCommand.Create(log, process.Command, process.Environment), log, UnixSignal.Terminate,
                RestartPolicy.PauseAfter, _ => WriteState())));
        }
    }

    internal async Task RunAsync(CancellationToken stop)
    {
        using var stopPostgres = new CancellationTokenSource();
        WriteState();
        var postgres = Task.WhenAll(_postgres.Select(entry => entry.Process.RunAsync(stopPostgres.Token)));
        try
        {
            await Task.WhenAll(_postgres.Select(entry => new ClusterPostgres(entry.Plan).PrepareDatabasesAsync(stop)));
            await RunStagesAsync(stop);
        }
        finally
        {
            // The databases go last, so that the others can finish what they hold.
            await stopPostgres.CancelAsync();
            await postgres;
            WriteState();
        }
    }

    async Task RunStagesAsync(CancellationToken stop)
    {
        var stages = _processes.GroupBy(entry => entry.Plan.Stage).OrderByDescending(stage => stage.Key)
            .Select(stage => (Stop: new CancellationTokenSource(), Processes: stage.ToList())).ToList();
        var running = stages.ToDictionary(
            stage => stage.Stop, stage => Task.WhenAll(stage.Processes.Select(entry => entry.Process.RunAsync(stage.Stop.Token))));
        await Task.Delay(Timeout.InfiniteTimeSpan, stop).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        foreach (var (stopStage, _) in stages)
        {
            await stopStage.CancelAsync();
            await running[stopStage];
            stopStage.Dispose();
        }
    }

    void WriteState()
    {
        lock (_lock)
        {
            var state = new ClusterState(
                _plan.RunDirectory, _startedAt, ProcessIdentity.Of(Environment.ProcessId)!, _plan.Urls, _plan.Databases,
                [
                    .. _postgres.Select(entry => StateOf(entry.Process, entry.Plan.Name, null, new Dictionary<string, int> { ["default"] = entry.Plan.Port }, 0)),
                    .. _processes.Select(entry => StateOf(entry.Process, entry.Plan.Service, entry.Plan.Url, entry.Plan.Ports, entry.Plan.Stage)),
                ]);
            RunFolder.WritePrivate(_run.StateFile, state.ToJson());
        }
    }

    ProcessState StateOf(SupervisedProcess process, string service, string? url, IReadOnlyDictionary<string, int> ports, int stage) =>
        new(process.Name, service, process.State, process.Identity, process.Restarts, process.LastExitCode, url, ports, LogOf(process.Name), stage);

    string LogOf(string name) => Path.Combine(_plan.LogDirectory, name + ".log");
}
