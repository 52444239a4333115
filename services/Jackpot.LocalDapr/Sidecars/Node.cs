using Jackpot.LocalDapr.Actors;
using Jackpot.LocalDapr.Faults;
using Jackpot.LocalDapr.Jobs;
using Jackpot.LocalDapr.Metrics;
using Jackpot.LocalDapr.PubSub;
using Jackpot.LocalDapr.Reminders;
using Jackpot.LocalDapr.Schedules;
using Jackpot.LocalDapr.Storage;
using Jackpot.LocalDapr.Workflows;

namespace Jackpot.LocalDapr.Sidecars;

/// <summary>What the sidecars of one process share: what real Dapr has in its placement and scheduler services.</summary>
sealed class Node : IAsyncDisposable
{
    readonly ScheduleStore _scheduleStore;

    public Node(SidecarsFile file, ILoggerFactory loggers, TimeProvider clock)
    {
        (File, Loggers, Clock) = (file, loggers, clock);
        Brokers = new BrokerPool(Databases, loggers);
        Faults = new FaultSwitches(Placement);
        Workflows = new WorkflowEngines(Faults, Metrics, clock, loggers);
        _scheduleStore = new ScheduleStore(Databases.Open(file.ConnectionString));
        var reminders = new ReminderDelivery(Placement, loggers.CreateLogger<ReminderDelivery>());
        var jobs = new JobDelivery(() => Sidecars!, loggers.CreateLogger<JobDelivery>());
        Schedules = new ScheduleRunner(_scheduleStore, clock, loggers.CreateLogger<ScheduleRunner>())
        {
            Deliver = (entry, cancellation) => entry.Key.Kind == ScheduleKind.Job ? jobs.DeliverAsync(entry, cancellation) : reminders.DeliverAsync(entry, cancellation),
        };
        Sidecars = [.. file.Sidecars.Select(options => new Sidecar(options, this))];
    }

    public SidecarsFile File { get; }

    public ILoggerFactory Loggers { get; }

    public TimeProvider Clock { get; }

    public Databases Databases { get; } = new();

    public BrokerPool Brokers { get; }

    public Placement Placement { get; } = new();

    public FaultSwitches Faults { get; }

    public RuntimeMetrics Metrics { get; } = new();

    public ScheduleRunner Schedules { get; }

    public WorkflowEngines Workflows { get; }

    public IReadOnlyList<Sidecar> Sidecars { get; }

    /// <summary>Opens every store; the first failure ends the process.</summary>
    public async Task OpenAsync(CancellationToken cancellation)
    {
        await _scheduleStore.OpenAsync(cancellation);
        await Task.WhenAll(Sidecars.Select(sidecar => sidecar.OpenAsync(cancellation)));
    }

    public Task RunAsync(CancellationToken cancellation) =>
        Task.WhenAll([Schedules.RunAsync(cancellation), .. Sidecars.Select(sidecar => sidecar.RunAsync(cancellation))]);

    public async ValueTask DisposeAsync()
    {
        await Task.WhenAll(Sidecars.Select(sidecar => sidecar.StopAsync()));
        foreach (var sidecar in Sidecars)
        {
            sidecar.Dispose();
        }
        Workflows.Dispose();
        await Brokers.DisposeAsync();
        await Databases.DisposeAsync();
        Metrics.Dispose();
    }
}
