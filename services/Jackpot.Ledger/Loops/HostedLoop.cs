using Jackpot.Ledger.Telemetry;

namespace Jackpot.Ledger.Loops;

/// <summary>What every loop needs.</summary>
internal sealed record LoopTools(ShardMetrics Metrics, TimeProvider Clock, ILogger<HostedLoop> Log)
{
    /// <summary>Whether something that all rows need is away. A host whose loops call more than the database knows more such faults.</summary>
    public Func<Exception, bool> IsOutage { get; init; } = DatabaseFault.IsOutage;
}

/// <summary>
/// Work that the process does again and again beside answering requests: a pass, a pause, the next pass. Whatever a pass throws is counted and
/// logged, and the next one follows after a pause that grows with the faults in a row: nothing that stands in a table, and no fault of the
/// database or the sidecar, may end the host. A row that cannot be handled is no fault of the pass: see the folder Parking.
/// </summary>
internal abstract partial class HostedLoop(LoopPlan plan, LoopTools tools) : BackgroundService
{
    static readonly TimeSpan PauseAfterFault = TimeSpan.FromMilliseconds(500);
    static readonly TimeSpan PauseAfterFaultMax = TimeSpan.FromSeconds(15);

    protected TimeProvider Clock => tools.Clock;

    protected ShardMetrics Metrics => tools.Metrics;

    /// <summary>One pass. It may be cut off anywhere, and other replicas may be at it too.</summary>
    protected abstract Task PassAsync(CancellationToken ct);

    protected sealed override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var faultsInARow = 0;
        while (!stoppingToken.IsCancellationRequested)
        {
            faultsInARow = await TryPassAsync(stoppingToken) ? 0 : faultsInARow + 1;
            var pause = faultsInARow == 0 ? plan.Interval : PauseAfter(faultsInARow);
            await Task.Delay(pause, Clock, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    async Task<bool> TryPassAsync(CancellationToken stoppingToken)
    {
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(stoppingToken);
        deadline.CancelAfter(plan.PassTimeMax);
        try
        {
            await PassAsync(deadline.Token);
            return true;
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            return true;
        }
#pragma warning disable CA1031 // The edge of a pass: counted, logged and tried again, as the class says.
        catch (Exception fault)
#pragma warning restore CA1031
        {
            Metrics.LoopFailed(plan.Name);
            if (tools.IsOutage(fault))
            {
                LogOutage(tools.Log, plan.Name, plan.OnFault, fault);
            }
            else
            {
                LogUnforeseen(tools.Log, plan.Name, plan.OnFault, fault);
            }

            return false;
        }
    }

    /// <summary>Doubles with every fault in a row; the jitter keeps replicas that failed together from coming back together.</summary>
    static TimeSpan PauseAfter(int faultsInARow)
    {
        const int DoublingsMax = 8;
        var pause = PauseAfterFault * Math.Pow(2, Math.Min(faultsInARow - 1, DoublingsMax));
#pragma warning disable CA5394 // Nothing secret depends on how long a pause is.
        return (pause < PauseAfterFaultMax ? pause : PauseAfterFaultMax) * (0.5 + Random.Shared.NextDouble() / 2);
#pragma warning restore CA5394
    }

    [LoggerMessage(EventId = 700, Level = LogLevel.Warning, Message = "Loop {Loop}: the database or the sidecar is away; {Consequence}; it is tried again")]
    static partial void LogOutage(ILogger logger, string loop, string consequence, Exception exception);

    [LoggerMessage(EventId = 701, Level = LogLevel.Error, Message = "Loop {Loop} failed in a way nobody foresaw; {Consequence}; it is tried again")]
    static partial void LogUnforeseen(ILogger logger, string loop, string consequence, Exception exception);
}
