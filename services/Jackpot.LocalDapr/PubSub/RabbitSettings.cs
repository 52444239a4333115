using Jackpot.LocalDapr.Components;

namespace Jackpot.LocalDapr.PubSub;

/// <summary>Metadata of <c>pubsub.rabbitmq</c> with the defaults of Dapr's component, including those that lose messages.</summary>
sealed record RabbitSettings
{
    const int PrefetchMax = byte.MaxValue;

    public RabbitSettings(Component component)
    {
        Address = component.Text("connectionString") is { Length: > 0 } written ? written
            : $"{component.Text("protocol") ?? "amqp"}://{component.Text("username") ?? "guest"}:{component.Text("password") ?? "guest"}@{component.Required("hostname")}";
        if (!Uri.TryCreate(Address, UriKind.Absolute, out var address) || address.Scheme is not ("amqp" or "amqps"))
        {
            throw component.Fault("connectionString", "the connection string must be a URL such as amqp://user:password@host:5672");
        }
        IsDurable = component.Flag("durable", true);
        IsDeletedWhenUnused = component.Flag("deletedWhenUnused", true);
        AutoAck = component.Flag("autoAck", false);
        RequeuesFailures = component.Flag("requeueInFailure", false);
        WaitsForConfirm = component.Flag("publisherConfirm", false);
        IsPersistent = component.Whole("deliveryMode", 0) switch { 0 or 1 => false, 2 => true, _ => throw component.Fault("deliveryMode", "'deliveryMode' must be 0, 1 or 2") };
        Prefetch = component.Whole("prefetchCount", 0) is <= PrefetchMax and var prefetch
            ? (ushort)prefetch
            : throw component.Fault("prefetchCount", $"'prefetchCount' is '{component.Text("prefetchCount")}'; it must be at most {PrefetchMax}, for daprd keeps it in 8 bits");
        IsSerial = Choice(component, "concurrency", "parallel", "single") == "single";
        ExchangeKind = Choice(component, "exchangeKind", "fanout", "topic");
        HasDeadLetterQueue = component.Flag("enableDeadLetter", false);
        LengthMax = component.Whole("maxLen", 0);
        BytesMax = component.Whole("maxLenBytes", 0);
        TimeToLiveSeconds = component.Whole("ttlInSeconds", 0);
        ReconnectWait = TimeSpan.FromSeconds(component.Whole("reconnectWaitSeconds", 3, 1));
        HeartBeat = component.Duration("heartBeat", TimeSpan.FromSeconds(10));
        ClientName = component.Text("clientName");
    }

    public string Address { get; }

    public bool IsDurable { get; }

    public bool IsDeletedWhenUnused { get; }

    public bool AutoAck { get; }

    public bool RequeuesFailures { get; }

    public bool WaitsForConfirm { get; }

    public bool IsPersistent { get; }

    /// <summary>0 = unlimited.</summary>
    public ushort Prefetch { get; }

    public bool IsSerial { get; }

    public string ExchangeKind { get; }

    public bool HasDeadLetterQueue { get; }

    public int LengthMax { get; }

    public int BytesMax { get; }

    public int TimeToLiveSeconds { get; }

    public TimeSpan ReconnectWait { get; }

    public TimeSpan HeartBeat { get; }

    public string? ClientName { get; }

    static string Choice(Component component, string name, string otherwise, string other) => component.Text(name) switch
    {
        null or "" => otherwise,
        var text when text == otherwise || text == other => text,
        var text => throw component.Fault(name, $"'{name}' is '{text}'; it must be {otherwise} or {other}"),
    };
}
