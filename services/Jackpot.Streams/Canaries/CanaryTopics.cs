using System.Collections.Concurrent;

namespace Jackpot.Streams.Canaries;

/// <summary>A topic that this process subscribes to, and the component that it is on.</summary>
public sealed record CanaryTopic(string Component, string Topic);

/// <summary>
/// Which of this process's subscriptions are alive. Dapr lists a subscription that failed as if it worked, so what proves one is a delivery: each
/// process publishes a canary on every topic that it reads, which every reader passes over. Where replicas share a subscription, any of them may be
/// given any canary; each gets its share of them, and <c>./jackpot status</c> compares what the replicas say.
/// </summary>
public sealed class CanaryTopics(IEnumerable<CanaryTopic> topics, TimeProvider clock)
{
    /// <summary>Between canaries of a topic that answers.</summary>
    public static readonly TimeSpan Interval = TimeSpan.FromMinutes(1);

    /// <summary>Between canaries of a topic that has not answered yet, or no longer does.</summary>
    public static readonly TimeSpan IntervalWhileSilent = TimeSpan.FromSeconds(5);

    /// <summary>A topic that has delivered nothing for so long is named. With two replicas one misses all canaries of such a time once in a thousand times.</summary>
    public static readonly TimeSpan SilenceMax = 5 * Interval;

    /// <summary>How long a topic may take to answer at the start of a process.</summary>
    public static readonly TimeSpan StartMax = TimeSpan.FromSeconds(15);

    readonly ConcurrentDictionary<CanaryTopic, long> _heard = new();
    readonly ConcurrentDictionary<CanaryTopic, long> _sent = new();
    readonly long _started = clock.GetTimestamp();

    /// <summary>What is subscribed to.</summary>
    public IReadOnlyList<CanaryTopic> Topics { get; } = [.. topics];

    /// <summary>Something was delivered.</summary>
    public void Heard(CanaryTopic topic) => _heard[topic] = clock.GetTimestamp();

    /// <summary>Whether anything was ever delivered to this process, so that the broker knows its subscription.</summary>
    public bool HasAnswered(CanaryTopic topic) => _heard.ContainsKey(topic);

    /// <summary>Since the last delivery, or since the start.</summary>
    public TimeSpan SilentFor(CanaryTopic topic) => clock.GetElapsedTime(_heard.GetValueOrDefault(topic, _started));

    /// <summary>Topics that must be taken for dead.</summary>
    public IEnumerable<CanaryTopic> Silent => Topics.Where(topic => SilentFor(topic) > (HasAnswered(topic) ? SilenceMax : StartMax));

    /// <summary>Topics that want a canary now.</summary>
    internal IEnumerable<CanaryTopic> Due => Topics.Where(topic =>
        !_sent.TryGetValue(topic, out var sent) || clock.GetElapsedTime(sent) >= (HasAnswered(topic) && SilentFor(topic) < 2 * Interval ? Interval : IntervalWhileSilent));

    internal void Sent(CanaryTopic topic) => _sent[topic] = clock.GetTimestamp();
}
