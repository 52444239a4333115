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
    readonly ClusterPostgres _postgres;
    readonly DateTimeOffset _startedAt = DateTimeOffset.UtcNow;
    readonly Lock _lock = new();
    readonly SupervisedProcess _postgresProcess;
    readonly List<(ProcessPlan Plan, SupervisedProcess Process)> _processes = [];

    internal Supervisor(ClusterPlan plan)
    {
        _plan = plan;
        _run = RunFolder.At(plan.RunDirectory);
        _postgres = new ClusterPostgres(plan.Postgres);
        _postgresProcess = new SupervisedProcess(
            PostgresPlan.Name, () => _postgres.Command(LogOf(PostgresPlan.Name)), LogOf(PostgresPlan.Name), UnixSignal.Interrupt,
            RestartPolicy.PostgresPauseAfter, _ => WriteState());
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
        var postgres = _postgresProcess.RunAsync(stopPostgres.Token);
        try
        {
            await _postgres.PrepareDatabasesAsync(stop);
            await RunStagesAsync(stop);
        }
        finally
        {
            // The database goes last, so that the others can finish what they hold.
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
                    StateOf(_postgresProcess, PostgresPlan.Name, null, new Dictionary<string, int> { ["default"] = _plan.Postgres.Port }, 0),
                    .. _processes.Select(entry => StateOf(entry.Process, entry.Plan.Service, entry.Plan.Url, entry.Plan.Ports, entry.Plan.Stage)),
                ]);
            RunFolder.WritePrivate(_run.StateFile, state.ToJson());
        }
    }

    ProcessState StateOf(SupervisedProcess process, string service, string? url, IReadOnlyDictionary<string, int> ports, int stage) =>
        new(process.Name, service, process.State, process.Identity, process.Restarts, process.LastExitCode, url, ports, LogOf(process.Name), stage);

    string LogOf(string name) => Path.Combine(_plan.LogDirectory, name + ".log");
}
