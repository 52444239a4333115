namespace Jackpot.LocalDapr.PubSub;

/// <summary>A message on its way to a broker: the bytes that go over the wire and what goes beside them.</summary>
/// <param name="Topic">Topic.</param>
/// <param name="Data">Envelope, or raw bytes.</param>
/// <param name="ContentType">Content type of the data.</param>
/// <param name="Metadata">For the broker: ttlInSeconds, routingKey, partitionKey …</param>
sealed record OutgoingMessage(string Topic, ReadOnlyMemory<byte> Data, string ContentType, IReadOnlyDictionary<string, string> Metadata);

/// <summary>A message as a broker hands it over.</summary>
/// <param name="Data">As published.</param>
/// <param name="Metadata">What the broker tells about it; sent to the app as headers.</param>
/// <param name="Delivery">1 for the first time.</param>
sealed record BrokerMessage(ReadOnlyMemory<byte> Data, IReadOnlyDictionary<string, string> Metadata, int Delivery);

/// <summary>Hands messages to the app. One answer per message: true = acknowledge, false = the handler finally failed.</summary>
delegate Task<bool[]> MessageHandler(IReadOnlyList<BrokerMessage> messages, CancellationToken cancellation);

/// <summary>A pub/sub component. What it does with a message whose handler finally failed is its own affair.</summary>
interface IMessageBroker : IAsyncDisposable
{
    Task OpenAsync(CancellationToken cancellation);

    /// <summary>Returns when the broker has taken all of them.</summary>
    Task PublishAsync(IReadOnlyList<OutgoingMessage> messages, CancellationToken cancellation);

    /// <summary>Delivers until the answer is disposed; returns when the subscription stands, so that nothing published afterwards is missed.</summary>
    Task<IAsyncDisposable> SubscribeAsync(Subscription subscription, string consumer, MessageHandler handler, CancellationToken cancellation);
}
