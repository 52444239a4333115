using System.Collections.Concurrent;
using Jackpot.LocalDapr.Actors;
using Jackpot.LocalDapr.Apps;
using Jackpot.LocalDapr.Components;
using Jackpot.LocalDapr.PubSub;
using Jackpot.LocalDapr.Resiliency;
using Jackpot.LocalDapr.Schedules;
using Jackpot.LocalDapr.Workflows;

namespace Jackpot.LocalDapr.Sidecars;

/// <summary>One app instance's sidecar: its components, its connection to the app, its actors and subscriptions.</summary>
sealed partial class Sidecar : IDisposable
{
    static readonly TimeSpan BringUpRetry = TimeSpan.FromSeconds(1);

    readonly Node _node;
    readonly ILogger _logger;
    readonly IReadOnlyList<Subscription> _declared;
    bool _asked;

    public Sidecar(SidecarOptions options, Node node)
    {
        Options = options;
        _node = node;
        _logger = node.Loggers.CreateLogger<Sidecar>();
        var documents = ResourceFolder.Read(options.ResourcesPaths);
        Components = ComponentSet.Create(
            documents.Where(document => document.Kind == "Component").Select(document => ComponentSpec.Parse(document.Root)), options, node.Brokers, node.Databases);
        Policies = new PolicySet(ResiliencyFiles.Read(documents, options.AppId, options.Namespace));
        _declared = DeclarativeSubscription.Read(documents, options.AppId, options.Namespace);
        Actors = new ActorRouter(node.Placement, node.Faults, options.Namespace);
        Workflows = Components.ActorStateStore is { } store ? node.Workflows.Register(options.Namespace, options.AppId, store, options.MaxBodySizeBytes) : null;
        if (options.AppPort is { } port)
        {
            App = new AppChannel(options, port, node.Faults);
            ActorHost = new ActorHost(options, App, node.Clock, node.Loggers.CreateLogger<ActorHost>());
        }
        Subscriptions = new SubscriptionSet(options, Components.PubSubs, App, Policies, node.Faults, node.Metrics, _logger);
    }

    public SidecarOptions Options { get; }

    public ComponentSet Components { get; }

    public PolicySet Policies { get; }

    public ActorRouter Actors { get; }

    /// <summary>Null for an app that serves nothing.</summary>
    public AppChannel? App { get; }

    public ActorHost? ActorHost { get; }

    public SubscriptionSet Subscriptions { get; }

    public ScheduleRunner Schedules => _node.Schedules;

    public Node Node => _node;

    public TimeProvider Clock => _node.Clock;

    /// <summary>Components and APIs are up.</summary>
    public bool IsOutboundReady { get; private set; }

    /// <summary>The app's port has answered too.</summary>
    public bool IsReady { get; private set; }

    /// <summary>The app is up and has been asked, so its jobs may fire.</summary>
    public bool TakesJobs { get; private set; }

    /// <summary>Set through PUT /v1.0/metadata/{key}.</summary>
    public ConcurrentDictionary<string, string> Extended { get; } = new();

    /// <summary>Null without an actor state store.</summary>
    public WorkflowEngine? Workflows { get; }

    /// <summary>Tells replicas of one app apart.</summary>
    public string InstanceName => $"{Options.AppId}@127.0.0.1:{Options.HttpPort}";

    /// <summary>Open worker streams of workflows.</summary>
    public int ConnectedWorkers => Workflows?.Workers.CountOf(InstanceName) ?? 0;

    public async Task OpenAsync(CancellationToken cancellation)
    {
        await Components.OpenAsync(cancellation);
        if (Workflows is not null)
        {
            await Workflows.OpenAsync(cancellation);
        }
    }

    /// <summary>The start-up order of daprd from the point where its APIs answer; returns when cancelled.</summary>
    public async Task RunAsync(CancellationToken cancellation)
    {
        IsOutboundReady = true;
        if (App is null)
        {
            IsReady = true;
            return;
        }
        await App.WaitForPortAsync(cancellation);
        IsReady = true;
        if (Options.EnableAppHealthCheck)
        {
            await Task.WhenAll(new AppHealth(Options, App, healthy => HealthChangedAsync(healthy, cancellation)).RunAsync(cancellation), ActorHost!.RunIdleScanAsync(cancellation));
            return;
        }
        while (!await HealthChangedAsync(true, cancellation))
        {
            await Task.Delay(BringUpRetry, Clock, cancellation);
        }
        await ActorHost!.RunIdleScanAsync(cancellation);
    }

    /// <summary>Takes the sidecar out of service as if its process had ended: subscriptions stop, actors move, health says no.</summary>
    public async Task ShutDownAsync()
    {
        (IsReady, IsOutboundReady) = (false, false);
        await StopAsync();
        if (ActorHost is not null)
        {
            await _node.Placement.SetTypesAsync(ActorHost, [], CancellationToken.None);
        }
    }

    public Task StopAsync() => Subscriptions.StopAsync();

    public void Dispose() => App?.Dispose();

    [LoggerMessage(1501, LogLevel.Warning, "Timer {Type}/{Id}/{Name} failed: {Cause}")]
    public partial void LogTimerFailed(string type, string id, string name, string cause);

    /// <summary>False when the app went away again while it was asked.</summary>
    async Task<bool> HealthChangedAsync(bool healthy, CancellationToken cancellation)
    {
        if (!healthy)
        {
            TakesJobs = false;
            LogUnhealthy(Options.AppId, Options.AppHealthThreshold);
            await Subscriptions.StopAsync();
            await _node.Placement.SetTypesAsync(ActorHost!, [], cancellation);
            return true;
        }
        try
        {
            await BringUpAsync(cancellation);
            return true;
        }
#pragma warning disable CA1031 // Whatever an app answers, or a broker, must not end the sidecars of the other apps.
        catch (Exception gone) when (gone is not OperationCanceledException || !cancellation.IsCancellationRequested)
#pragma warning restore CA1031
        {
            LogNotBroughtUp(Options.AppId, gone.Message);
            await Subscriptions.StopAsync();
            return false;
        }
    }

    /// <summary>Questions once, then subscriptions, then actor types. So messages can arrive before the app's actors are registered.</summary>
    async Task BringUpAsync(CancellationToken cancellation)
    {
        if (!_asked)
        {
            ActorHost!.Config = await AppQuestions.ConfigAsync(App!, Options, cancellation);
            _asked = true;
        }
        await Subscriptions.StartAsync([.. _declared, .. await AppQuestions.SubscriptionsAsync(App!, Options, cancellation)], cancellation);
        var types = Components.ActorStateStore is null ? [] : ActorHost!.Config.ActorTypes.Keys.ToArray();
        await _node.Placement.SetTypesAsync(ActorHost!, types, cancellation);
        TakesJobs = true;
        LogHealthy(Options.AppId, App!.Port, Subscriptions.All.Count, types.Length);
    }

    [LoggerMessage(1502, LogLevel.Information, "{AppId} on port {Port} is up: {Subscriptions} subscriptions, {ActorTypes} actor types")]
    partial void LogHealthy(string appId, int port, int subscriptions, int actorTypes);

    [LoggerMessage(1503, LogLevel.Warning, "{AppId} is unhealthy after {Threshold} bad probes: its subscriptions stop and its actors move")]
    partial void LogUnhealthy(string appId, int threshold);

    [LoggerMessage(1504, LogLevel.Warning, "{AppId} could not be brought up and is tried again: {Cause}")]
    partial void LogNotBroughtUp(string appId, string cause);
}
