using Jackpot.LocalDapr.Components;
using Jackpot.LocalDapr.Sidecars;

namespace Jackpot.LocalDapr.State;

/// <summary>A state store as one sidecar sees it: with the prefix that keeps the apps' keys apart.</summary>
sealed class StateStoreEntry(Component component, PostgresStateStore store, SidecarOptions sidecar)
{
    readonly string _prefix = (component.Text("keyPrefix") ?? "appid") switch
    {
        "appid" or "" => sidecar.AppId + "||",
        "name" => component.Name + "||",
        "namespace" => $"{sidecar.Namespace}.{sidecar.AppId}||",
        "none" => "",
        var literal => literal + "||",
    };

    public string Name => component.Name;

    public PostgresStateStore Store => store;

    public bool IsActorStateStore { get; } = component.Flag("actorStateStore", false);

    /// <summary>On PostgreSQL an insert-only conflict is a plain error, not an etag mismatch.</summary>
    public string FullKey(string key) => _prefix + key;

    public static bool IsRefusedKey(string key) => key.Contains("||", StringComparison.Ordinal);
}
