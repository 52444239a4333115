namespace Jackpot.LocalDapr.Components;

/// <summary>A component type that this runtime stands in for, its versions, and the metadata names it accepts.</summary>
/// <remarks>Real Dapr ignores unknown metadata; a stand-in that did the same would hide every misspelt name, so it is refused here.</remarks>
sealed record ComponentType(string Name, IReadOnlyList<string> Versions, IReadOnlyList<string> FieldNames)
{
    static readonly string[] StateFields =
        ["actorStateStore", "keyPrefix", "outboxPublishPubsub", "outboxPublishTopic", "outboxPubsub", "outboxDiscardWhenMissingState"];

    static readonly string[] PubSubFields =
        ["consumerID", "publishingScopes", "subscriptionScopes", "allowedTopics", "protectedTopics"];

    static readonly string[] PostgresFields =
        ["connectionString", "host", "port", "database", "user", "password", "sslRootCert", "timeout", "timeoutInSeconds", "maxConns",
         "connectionMaxIdleTime", "tablePrefix", "metadataTableName", "cleanupInterval", "queryExecMode"];

    static readonly string[] RabbitFields =
        ["connectionString", "hostname", "username", "password", "protocol", "durable", "deletedWhenUnused", "autoAck", "requeueInFailure",
         "publisherConfirm", "deliveryMode", "prefetchCount", "concurrency", "exchangeKind", "enableDeadLetter", "maxLen", "maxLenBytes",
         "ttlInSeconds", "reconnectWaitSeconds", "heartBeat", "clientName"];

    static readonly string[] RedisFields =
        ["redisHost", "redisUsername", "redisPassword", "redisDB", "enableTLS", "concurrency", "queueDepth", "processingTimeout", "redeliverInterval", "poolSize", "maxLenApprox"];

    public static readonly IReadOnlyList<ComponentType> All =
    [
        new("state.postgresql", ["v2"], [.. StateFields, .. PostgresFields]),
        new("state.in-memory", ["v1"], StateFields),
        new("pubsub.postgresql", ["v1"], [.. PubSubFields, "connectionString", "schema", "concurrency", "leaseDuration", "redeliveryDelay", "maxDeliveries"]),
        new("pubsub.in-memory", ["v1"], PubSubFields),
        new("pubsub.rabbitmq", ["v1"], [.. PubSubFields, .. RabbitFields]),
        new("pubsub.redis", ["v1"], [.. PubSubFields, .. RedisFields]),
        new("secretstores.local.file", ["v1"], ["secretsFile", "nestedSeparator", "multiValued"]),
        new("secretstores.local.env", ["v1"], ["prefix"]),
        new("bindings.localstorage", ["v1"], ["rootPath"]),
        new("bindings.http", ["v1"], ["url", "responseTimeout", "errorIfNot2XX", "maxResponseBodySize"]),
        new("configuration.postgresql", ["v1"], ["connectionString", "table", "connMaxIdleTime", "maxConns", "timeout"]),
    ];

    /// <summary>As the metadata API lists them.</summary>
    public IReadOnlyList<string> Capabilities => IsStateStore
        ? ["ETAG", "TRANSACTIONAL", "TTL", "ACTOR"]
        : Name is "pubsub.in-memory" ? ["SUBSCRIBE_WILDCARDS"] : [];

    public bool IsStateStore => Name.StartsWith("state.", StringComparison.Ordinal);

    public bool IsPubSub => Name.StartsWith("pubsub.", StringComparison.Ordinal);

    public bool IsSecretStore => Name.StartsWith("secretstores.", StringComparison.Ordinal);

    public bool IsBinding => Name.StartsWith("bindings.", StringComparison.Ordinal);

    public static ComponentType Find(YamlMap spec)
    {
        var written = spec.Required("type");
        var name = written is "state.postgres" ? "state.postgresql" : written;
        var type = All.FirstOrDefault(known => known.Name == name)
            ?? throw spec.Fault("type", $"the component type '{written}' is not served by LocalDapr; served are: {string.Join(", ", All.Select(known => known.Name))}");
        var version = spec.Text("version") ?? "v1";
        return type.Versions.Contains(version)
            ? type
            : throw spec.Fault("version", $"version '{version}' of {written} is not served by LocalDapr; served is: {string.Join(", ", type.Versions)}");
    }

    public void CheckFieldName(string name, YamlMap field)
    {
        if (!FieldNames.Contains(name, StringComparer.OrdinalIgnoreCase))
        {
            throw field.Fault("name", $"{Name} has no metadata '{name}'; it has: {string.Join(", ", FieldNames)}");
        }
    }
}
