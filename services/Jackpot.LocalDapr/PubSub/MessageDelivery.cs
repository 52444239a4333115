using System.Globalization;
using System.Text.Json;
using Jackpot.LocalDapr.Resiliency;

namespace Jackpot.LocalDapr.PubSub;

/// <summary>Hands one message after the other to the app.</summary>
sealed partial class MessageDelivery(Subscription subscription, Deliver deliver, Policy policy, DeadLetter deadLetter, ILogger logger)
{
    public async Task<bool[]> HandleAsync(IReadOnlyList<BrokerMessage> messages, CancellationToken cancellation)
    {
        var done = new bool[messages.Count];
        for (var i = 0; i < messages.Count; i++)
        {
            done[i] = await HandleOneAsync(messages[i], cancellation);
        }
        return done;
    }

    async Task<bool> HandleOneAsync(BrokerMessage message, CancellationToken cancellation)
    {
        var envelope = subscription.IsRaw ? CloudEvent.WrapRaw(message.Data, subscription.PubSubName, subscription.Topic) : message.Data;
        if (!TryRoute(envelope, out var path, out var expired) || expired || path is null)
        {
            LogDropped(subscription.Topic, expired ? "it has expired" : "no rule matches or it is not a cloud event");
            return await deadLetter.TakeAsync(message, cancellation);
        }
        try
        {
            var verdict = await policy.RunAsync(token => deliver(path, envelope, message, token), cancellation);
            if (verdict == Verdict.Success)
            {
                return true;
            }
            LogDropped(subscription.Topic, "the app said so");
            return await deadLetter.TakeAsync(message, cancellation);
        }
        catch (Exception failed) when (failed is not OperationCanceledException || !cancellation.IsCancellationRequested)
        {
            LogFailed(subscription.Topic, path, failed.Message);
            return deadLetter.IsConfigured && await deadLetter.TakeAsync(message, cancellation);
        }
    }

    bool TryRoute(ReadOnlyMemory<byte> envelope, out string? path, out bool expired)
    {
        (path, expired) = (null, false);
        try
        {
            using var document = JsonDocument.Parse(envelope);
            if (document.RootElement.ValueKind != JsonValueKind.Object)
            {
                return false;
            }
            expired = document.RootElement.TryGetProperty("expiration", out var expiration) && expiration.ValueKind == JsonValueKind.String
                && DateTimeOffset.TryParse(expiration.GetString(), CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var instant) && instant <= DateTimeOffset.UtcNow;
            path = subscription.Rules.FirstOrDefault(rule => rule.Match?.Holds(document.RootElement) ?? true)?.Path;
            return true;
        }
        catch (Exception unreadable) when (unreadable is JsonException or InvalidOperationException)
        {
            return false;
        }
    }

    [LoggerMessage(1202, LogLevel.Information, "A message of topic {Topic} was dropped: {Reason}")]
    partial void LogDropped(string topic, string reason);

    [LoggerMessage(1203, LogLevel.Warning, "A message of topic {Topic} to {Path} failed: {Cause}")]
    partial void LogFailed(string topic, string path, string cause);
}

/// <summary>The app did not take the message; the inbound policy decides whether it is tried again.</summary>
sealed class RetryableDeliveryException(int status, string message) : Exception(message)
{
    public int Status => status;
}
