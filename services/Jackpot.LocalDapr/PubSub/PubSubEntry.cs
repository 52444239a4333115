using Jackpot.LocalDapr.Components;

namespace Jackpot.LocalDapr.PubSub;

/// <summary>A pub/sub component as one sidecar sees it.</summary>
sealed class PubSubEntry(Component component, IMessageBroker broker, string appId)
{
    public string Name => component.Name;

    public IMessageBroker Broker => broker;

    public TopicScopes Scopes { get; } = new(component, appId);

    /// <exception cref="ResourceFault">The broker cannot be reached.</exception>
    public async Task OpenAsync(CancellationToken cancellation)
    {
        try
        {
            await broker.OpenAsync(cancellation);
        }
        catch (RabbitMQ.Client.Exceptions.BrokerUnreachableException unreachable)
        {
            throw component.Fault("connectionString", $"RabbitMQ cannot be reached: {unreachable.InnerException?.Message ?? unreachable.Message}");
        }
        catch (StackExchange.Redis.RedisConnectionException unreachable)
        {
            throw component.Fault("redisHost", $"Redis cannot be reached: {unreachable.Message}");
        }
    }

    /// <summary>The consumer group: replicas of one app compete, different apps each get a copy.</summary>
    public string Consumer { get; } = component.Text("consumerID") is { Length: > 0 } named ? named : appId;
}
