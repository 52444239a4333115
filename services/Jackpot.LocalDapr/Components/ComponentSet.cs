using Jackpot.LocalDapr.Bindings;
using Jackpot.LocalDapr.Configurations;
using Jackpot.LocalDapr.PubSub;
using Jackpot.LocalDapr.Secrets;
using Jackpot.LocalDapr.Sidecars;
using Jackpot.LocalDapr.State;
using Jackpot.LocalDapr.Storage;

namespace Jackpot.LocalDapr.Components;

/// <summary>The components of one sidecar, created from its files: secret stores first, because the others may need their secrets.</summary>
sealed class ComponentSet
{
    readonly List<Component> _all = [];

    public IReadOnlyList<Component> All => _all;

    public Dictionary<string, StateStoreEntry> StateStores { get; } = [];

    public Dictionary<string, PubSubEntry> PubSubs { get; } = [];

    public Dictionary<string, ISecretStore> SecretStores { get; } = [];

    public Dictionary<string, IOutputBinding> Bindings { get; } = [];

    public Dictionary<string, PostgresConfiguration> Configurations { get; } = [];

    public StateStoreEntry? ActorStateStore { get; private set; }

    public static ComponentSet Create(IEnumerable<ComponentSpec> specs, SidecarOptions sidecar, BrokerPool brokers, Databases databases, TimeProvider clock)
    {
        var set = new ComponentSet();
        var resolver = new ComponentResolver(sidecar);
        foreach (var spec in specs.Where(spec => spec.IsFor(sidecar.AppId, sidecar.Namespace)).OrderByDescending(spec => spec.Type.IsSecretStore))
        {
            if (set._all.Any(other => other.Name == spec.Name))
            {
                throw new ResourceFault(spec.File, spec.Line, $"a second component is called '{spec.Name}'");
            }
            var component = resolver.Resolve(spec);
            set._all.Add(component);
            set.Add(component, sidecar, resolver, brokers, databases, clock);
        }
        return set;
    }

    /// <summary>Connects to what lies behind the components.</summary>
    public async Task OpenAsync(CancellationToken cancellation)
    {
        foreach (var store in StateStores.Values)
        {
            await store.Store.OpenAsync(cancellation);
        }
        foreach (var pubSub in PubSubs.Values)
        {
            await pubSub.OpenAsync(cancellation);
        }
    }

    void Add(Component component, SidecarOptions sidecar, ComponentResolver resolver, BrokerPool brokers, Databases databases, TimeProvider clock)
    {
        switch (component.Type.Name)
        {
            case "secretstores.local.file":
                AddSecrets(component, new FileSecretStore(component), resolver);
                break;
            case "secretstores.local.env":
                AddSecrets(component, new EnvironmentSecretStore(component), resolver);
                break;
            case "state.postgresql":
                AddState(component, new PostgresStateStore(component, databases), sidecar);
                break;
            case "state.in-memory":
                AddState(component, new MemoryStateStore(clock), sidecar);
                break;
            case "pubsub.in-memory":
                PubSubs[component.Name] = new PubSubEntry(component, new MemoryBroker(), sidecar.AppId);
                break;
            case "pubsub.postgresql":
                PubSubs[component.Name] = new PubSubEntry(component, brokers.Postgres(component), sidecar.AppId);
                break;
            case "pubsub.rabbitmq":
                PubSubs[component.Name] = new PubSubEntry(component, brokers.Rabbit(component), sidecar.AppId);
                break;
            case "pubsub.redis":
                PubSubs[component.Name] = new PubSubEntry(component, brokers.Redis(component), sidecar.AppId);
                break;
            case "bindings.localstorage":
                Bindings[component.Name] = new LocalStorageBinding(component);
                break;
            case "bindings.http":
                Bindings[component.Name] = new HttpBinding(component);
                break;
            case "configuration.postgresql":
                Configurations[component.Name] = new PostgresConfiguration(component, databases);
                break;
            default:
                throw component.Fault("type", $"{component.Type.Name} is not served yet");
        }
    }

    void AddSecrets(Component component, ISecretStore store, ComponentResolver resolver)
    {
        SecretStores[component.Name] = store;
        resolver.Add(component.Name, store);
    }

    void AddState(Component component, IStateStore store, SidecarOptions sidecar)
    {
        var entry = new StateStoreEntry(component, store, sidecar);
        StateStores[component.Name] = entry;
        if (!entry.IsActorStateStore)
        {
            return;
        }
        ActorStateStore = ActorStateStore is null
            ? entry
            : throw component.Fault("actorStateStore", $"'{ActorStateStore.Name}' is the actor state store already; an app has exactly one");
    }
}
