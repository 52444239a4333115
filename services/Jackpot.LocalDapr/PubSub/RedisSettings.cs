using Jackpot.LocalDapr.Components;
using StackExchange.Redis;

namespace Jackpot.LocalDapr.PubSub;

/// <summary>Metadata of <c>pubsub.redis</c> with the defaults of Dapr's component.</summary>
sealed record RedisSettings
{
    /// <summary>Of Dapr's client, for each core.</summary>
    const int PoolPerCore = 10;

    public RedisSettings(Component component)
    {
        Options = ConfigurationOptions.Parse(component.Required("redisHost"));
        Options.User = component.Text("redisUsername") is { Length: > 0 } user ? user : null;
        Options.Password = component.Text("redisPassword") is { Length: > 0 } password ? password : null;
        Options.DefaultDatabase = component.Whole("redisDB", 0);
        Options.Ssl = component.Flag("enableTLS", false);
        Concurrency = component.Whole("concurrency", 10, 1);
        QueueDepth = component.Whole("queueDepth", 100, 1);
        ProcessingTimeout = component.Duration("processingTimeout", TimeSpan.FromSeconds(60));
        RedeliverInterval = component.Duration("redeliverInterval", TimeSpan.FromSeconds(15));
        PoolSize = component.Whole("poolSize", PoolPerCore * Environment.ProcessorCount, 1);
        LengthMax = component.Whole("maxLenApprox", 0);
    }

    public ConfigurationOptions Options { get; }

    /// <summary>Messages of a subscription that are handled at a time.</summary>
    public int Concurrency { get; }

    /// <summary>Messages of a subscription that wait to be handled.</summary>
    public int QueueDepth { get; }

    /// <summary>A message that was read and not acknowledged for so long is read again.</summary>
    public TimeSpan ProcessingTimeout { get; }

    public TimeSpan RedeliverInterval { get; }

    /// <summary>Connections; each subscription holds one for itself.</summary>
    public int PoolSize { get; }

    /// <summary>0 = a topic is never trimmed.</summary>
    public int LengthMax { get; }
}
