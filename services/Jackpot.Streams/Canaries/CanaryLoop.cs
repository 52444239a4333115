using Dapr;
using Dapr.Client;
using Jackpot.Contracts.Events;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Jackpot.Streams.Canaries;

/// <summary>Publishes the canaries. That one cannot be published is told by the topic's silence.</summary>
internal sealed partial class CanaryLoop(CanaryTopics canaries, DaprClient dapr, TimeProvider clock, ILogger<CanaryLoop> log) : BackgroundService
{
    static readonly TimeSpan LookInterval = TimeSpan.FromSeconds(1);
    static readonly TimeSpan PublishMax = TimeSpan.FromSeconds(5);
    static readonly Dictionary<string, string> Metadata = new() { ["cloudevent.type"] = BetEvents.Canary };

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            foreach (var topic in canaries.Due.ToList())
            {
                await SendAsync(topic, stoppingToken);
            }

            await Task.Delay(LookInterval, clock, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    async Task SendAsync(CanaryTopic topic, CancellationToken stoppingToken)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(stoppingToken);
        limit.CancelAfter(PublishMax);
        canaries.Sent(topic);
        try
        {
            await dapr.PublishEventAsync(topic.Component, topic.Topic, new Canary(), Metadata, limit.Token);
        }
        catch (Exception fault) when (fault is DaprException or OperationCanceledException or HttpRequestException)
        {
            LogNotSent(log, topic.Topic, fault.Message);
        }
    }

    /// <summary>A canary says nothing; its type is all.</summary>
    sealed record Canary;

    [LoggerMessage(EventId = 655, Level = LogLevel.Debug, Message = "No canary could be published on {Topic}: {Reason}")]
    static partial void LogNotSent(ILogger logger, string topic, string reason);
}
