namespace Jackpot.LocalDapr.PubSub;

/// <summary>Where a message goes that was dropped or finally failed; without a topic it goes nowhere.</summary>
sealed partial class DeadLetter(PubSubEntry pubSub, string? topic, string appId, ILogger logger)
{
    static readonly TimeSpan PublishTimeout = TimeSpan.FromSeconds(30);

    public bool IsConfigured => topic is not null;

    /// <summary>True when the message may be acknowledged.</summary>
    public async Task<bool> TakeAsync(BrokerMessage message, CancellationToken cancellation)
    {
        if (topic is null)
        {
            return true;
        }
        if (!pubSub.Scopes.MayPublish(topic))
        {
            // The sidecar publishes it in the app's name, under the app's permissions.
            LogForbidden(topic, appId);
            return false;
        }
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        limit.CancelAfter(PublishTimeout);
        try
        {
            await pubSub.Broker.PublishAsync([new OutgoingMessage(topic, message.Data, CloudEvent.ContentType, message.Metadata)], limit.Token);
            return true;
        }
        catch (Exception failed) when (failed is not OperationCanceledException || !cancellation.IsCancellationRequested)
        {
            LogNotTaken(topic, failed);
            return false;
        }
    }

    [LoggerMessage(1223, LogLevel.Error, "A message could not be put on the dead letter topic: topic {Topic} is not allowed for app id {AppId}")]
    partial void LogForbidden(string topic, string appId);

    [LoggerMessage(1201, LogLevel.Error, "A message could not be put on the dead letter topic {Topic}")]
    partial void LogNotTaken(string topic, Exception cause);
}
