using System.Diagnostics;
using Jackpot.Cli.Cluster;
using Jackpot.Cli.Supervision;

namespace Jackpot.Cli.Up;

/// <summary>Waits until every process answers, and gives up early when one cannot.</summary>
sealed class Readiness(RunFolder run, ClusterPlan plan)
{
    const int ConfigurationFault = 2;
    const int PortInUse = 3;
    const int EarlyRestartsMax = 3;
    static readonly TimeSpan Deadline = TimeSpan.FromMinutes(5);
    static readonly TimeSpan SupervisorDeadline = TimeSpan.FromSeconds(15);
    static readonly TimeSpan PollInterval = TimeSpan.FromMilliseconds(100);

    readonly Dictionary<string, string> _lastAnswers = [];

    internal async Task WaitAsync(Action<string> report, CancellationToken cancellation)
    {
        using var http = new HttpClient { Timeout = TimeSpan.FromSeconds(2) };
        var waiting = plan.Processes.ToList();
        var clock = Stopwatch.StartNew();
        while (waiting.Count > 0)
        {
            cancellation.ThrowIfCancellationRequested();
            RefuseHopeless(waiting, clock.Elapsed);
            foreach (var process in waiting.ToArray())
            {
                if (await IsReadyAsync(http, process, cancellation))
                {
                    waiting.Remove(process);
                    report($"{process.Name} is ready ({plan.Processes.Count - waiting.Count} of {plan.Processes.Count})");
                }
            }
            if (clock.Elapsed > Deadline)
            {
                var first = waiting[0];
                throw new CommandException($"{first.Name} was not ready after {Deadline.TotalSeconds} s; it says: {_lastAnswers.GetValueOrDefault(first.Name, "nothing")} (log: {LogFile(first.Name)})");
            }
            await Task.Delay(PollInterval, cancellation);
        }
    }

    async Task<bool> IsReadyAsync(HttpClient http, ProcessPlan process, CancellationToken cancellation)
    {
        foreach (var url in process.ReadyUrls)
        {
            try
            {
                using var answer = await http.GetAsync(url, cancellation);
                if (!answer.IsSuccessStatusCode)
                {
                    _lastAnswers[process.Name] = $"{(int)answer.StatusCode} {await answer.Content.ReadAsStringAsync(cancellation)}".Trim();
                    return false;
                }
            }
            catch (Exception notYet) when (notYet is HttpRequestException || (notYet is TaskCanceledException && !cancellation.IsCancellationRequested))
            {
                _lastAnswers[process.Name] = notYet.Message;
                return false;
            }
        }
        return true;
    }

    void RefuseHopeless(List<ProcessPlan> waiting, TimeSpan elapsed)
    {
        var state = ClusterState.Read(run.StateFile);
        if (state is null ? elapsed > SupervisorDeadline : !state.Supervisor.IsAlive)
        {
            throw new CommandException($"the supervisor ended: {LogTail.Of(Path.Combine(run.Logs, BackgroundSupervisor.LogName))}");
        }
        var names = waiting.Select(process => process.Name).Concat(plan.Postgres.Select(postgres => postgres.Name)).ToHashSet();
        var hopeless = state?.Processes.FirstOrDefault(process => names.Contains(process.Name)
            && (process.LastExitCode is ConfigurationFault or PortInUse || process.Restarts >= EarlyRestartsMax || process.State == "failed"));
        if (hopeless is not null)
        {
            throw new CommandException($"{hopeless.Name} ended with {hopeless.LastExitCode}: {LogTail.Of(hopeless.Log)} (log: {hopeless.Log})");
        }
    }

    string LogFile(string name) => Path.Combine(run.Logs, name + ".log");
}
