using System.Text.Json;

namespace Jackpot.Dapr.Conformance.App;

/// <summary>The subscriptions of the test application. Names are new for every run, so that a broker that keeps queues brings nothing from yesterday.</summary>
sealed class Topics
{
    readonly string _run = Guid.NewGuid().ToString("N")[..6];
    readonly string _pubsub;

    public Topics(string pubsub)
    {
        _pubsub = pubsub;
        var list = new List<object>
        {
            Plain("plain"),
            Plain("other"),
            Plain("parallel"),
            Plain("deadended"),
            Entry("success", dead: "success-dead"), Plain("success-dead"),
            Entry("drop", dead: "drop-dead"), Plain("drop-dead"),
            Entry("missing", dead: "missing-dead"), Plain("missing-dead"),
            Entry("broken", dead: "broken-dead"), Plain("broken-dead"),
            Entry("retry", dead: "retry-dead"), Plain("retry-dead"),
            Entry("strange", dead: "strange-dead"), Plain("strange-dead"),
            Raw("raw"),
            Routed("routed"),
            Bulk("bulk"),
            V1("v1"),
        };
        Subscriptions = JsonSerializer.Serialize(list);
    }

    public string Subscriptions { get; }

    public string Name(string topic) => $"conf-{_run}-{topic}";

    public static string Path(string topic) => $"/topic/{topic}";

    object Plain(string topic) => new { pubsubname = _pubsub, topic = Name(topic), routes = new { @default = Path(topic) } };

    object Entry(string topic, string dead) =>
        new { pubsubname = _pubsub, topic = Name(topic), deadLetterTopic = Name(dead), routes = new { @default = Path(topic) } };

    object Raw(string topic) =>
        new { pubsubname = _pubsub, topic = Name(topic), metadata = new { rawPayload = "true" }, routes = new { @default = Path(topic) } };

    object V1(string topic) => new { pubsubname = _pubsub, topic = Name(topic), route = Path(topic) };

    object Bulk(string topic) => new
    {
        pubsubname = _pubsub,
        topic = Name(topic),
        routes = new { @default = Path(topic) },
        bulkSubscribe = new { enabled = true, maxMessagesCount = 5, maxAwaitDurationMs = 200 },
    };

    object Routed(string topic) => new
    {
        pubsubname = _pubsub,
        topic = Name(topic),
        routes = new
        {
            rules = new[]
            {
                new { match = "event.type == \"first\"", path = "/topic/routed-first" },
                new { match = "event.type == \"second\"", path = "/topic/routed-second" },
            },
            @default = "/topic/routed-rest",
        },
    };
}
