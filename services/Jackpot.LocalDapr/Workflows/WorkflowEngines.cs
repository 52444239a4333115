using System.Collections.Concurrent;
using Dapr.DurableTask.Protobuf;
using Jackpot.LocalDapr.Faults;
using Jackpot.LocalDapr.Metrics;
using Jackpot.LocalDapr.State;

namespace Jackpot.LocalDapr.Workflows;

/// <summary>One engine per app; replicas of an app share it, as they share the app's workflows.</summary>
sealed class WorkflowEngines(FaultSwitches faults, RuntimeMetrics metrics, TimeProvider clock, ILoggerFactory loggers) : IDisposable
{
    readonly ConcurrentDictionary<(string Namespace, string AppId), WorkflowEngine> _engines = new();

    public FaultSwitches Faults => faults;

    public RuntimeMetrics Metrics => metrics;

    /// <summary>The engine of an app whose actor state store this is.</summary>
    public WorkflowEngine Register(string appNamespace, string appId, StateStoreEntry store, int bytesMax) =>
        _engines.GetOrAdd((appNamespace, appId), _ => new WorkflowEngine(appNamespace, appId, new PostgresWorkflowStore(store.Store), bytesMax, this, clock, loggers.CreateLogger<WorkflowEngine>()));

    public WorkflowEngine? Find(string appNamespace, string appId) => _engines.GetValueOrDefault((appNamespace, appId));

    /// <summary>Where an action's router sends it; its own app unless it names another.</summary>
    public WorkflowEngine Target(WorkflowEngine source, TaskRouter? router) =>
        router is { HasTargetAppID: true, TargetAppID.Length: > 0 }
            ? Find(router.HasTargetAppNamespace ? router.TargetAppNamespace : source.Namespace, router.TargetAppID) ?? throw new WorkerLostException($"the app {router.TargetAppID} is not there")
            : source;

    public void Dispose()
    {
        foreach (var engine in _engines.Values)
        {
            engine.Dispose();
        }
    }
}
