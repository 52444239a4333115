using Jackpot.LocalDapr.Components;

namespace Jackpot.LocalDapr.PubSub;

/// <summary>Who may publish and subscribe to what: publishingScopes, subscriptionScopes, allowedTopics, protectedTopics.</summary>
sealed class TopicScopes
{
    readonly HashSet<string> _allowed;
    readonly HashSet<string> _protected;
    readonly HashSet<string>? _publish;
    readonly HashSet<string>? _subscribe;

    public TopicScopes(Component component, string appId)
    {
        _allowed = Names(component.Text("allowedTopics"), ',');
        _protected = Names(component.Text("protectedTopics"), ',');
        _publish = Granted(component.Text("publishingScopes"), appId);
        _subscribe = Granted(component.Text("subscriptionScopes"), appId);
    }

    public bool MayPublish(string topic) => May(topic, _publish);

    public bool MaySubscribe(string topic) => May(topic, _subscribe);

    bool May(string topic, HashSet<string>? granted) =>
        (_allowed.Count == 0 || _allowed.Contains(topic))
        && (granted is null ? !_protected.Contains(topic) : granted.Contains(topic));

    /// <summary>Null when the app is not named at all: then only protected topics are closed to it.</summary>
    static HashSet<string>? Granted(string? scopes, string appId)
    {
        foreach (var entry in Names(scopes, ';'))
        {
            if (entry.Split('=', 2) is [var app, var topics] && app.Trim() == appId)
            {
                return Names(topics, ',');
            }
        }
        return null;
    }

    static HashSet<string> Names(string? text, char separator) =>
        [.. (text ?? "").Split(separator, StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)];
}
