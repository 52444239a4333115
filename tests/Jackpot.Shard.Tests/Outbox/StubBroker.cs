using System.Collections.Concurrent;
using System.Text.RegularExpressions;
using Dapr.Client;
using Dapr.Client.Autogen.Grpc.v1;
using Google.Protobuf;
using Grpc.Core;

namespace Jackpot.Shard.Tests.Outbox;

/// <summary>A sidecar that takes bulk publishes, keeps what it took in order, and can be told what it does not take.</summary>
internal sealed partial class StubBroker : IAsyncDisposable
{
    /// <summary>Dapr's own limit of a call unless it is set.</summary>
    public const int CallBytesMax = 4 << 20;

    /// <summary>That every event must name.</summary>
    public const string Region = "eu-mt";

    const string RegionFirst = $$"""{"region":"{{Region}}",""";

    readonly StubSidecar _sidecar;

    StubBroker(StubSidecar sidecar) => _sidecar = sidecar;

    public ConcurrentQueue<(string Topic, string Payload)> Taken { get; } = [];

    /// <summary>Bytes of every call that came.</summary>
    public ConcurrentQueue<int> Calls { get; } = [];

    /// <summary>The whole call is refused that has such an event.</summary>
    public Func<string, bool> Refuses { get; set; } = _ => false;

    /// <summary>Such an event fails; the others of its call are taken.</summary>
    public Func<string, bool> Fails { get; set; } = _ => false;

    /// <summary>Awaited before every answer.</summary>
    public Func<Task> Before { get; set; } = () => Task.CompletedTask;

    public DaprClient Client => _sidecar.Client;

    public static async Task<StubBroker> StartAsync()
    {
        StubBroker? broker = null;
        var sidecar = await StubSidecar.StartAsync(request => broker!.TakeAsync(request));
        return broker = new StubBroker(sidecar);
    }

    public IEnumerable<string> On(string topic) => Taken.Where(one => one.Topic == topic).Select(one => one.Payload);

    async Task<BulkPublishResponse> TakeAsync(BulkPublishRequest request)
    {
        Calls.Enqueue(request.CalculateSize());
        await Before();
        if (request.CalculateSize() > CallBytesMax)
        {
            throw new RpcException(new Status(StatusCode.ResourceExhausted, $"grpc: received message larger than max ({request.CalculateSize()} vs. {CallBytesMax})"));
        }

        var entries = request.Entries.Select(entry => (entry.EntryId, Payload: WithoutOrigin(entry.Event.ToStringUtf8()))).ToList();
        if (entries.Exists(entry => Refuses(entry.Payload)))
        {
            throw new RpcException(new Status(StatusCode.InvalidArgument, "an event is refused"));
        }

        var failed = entries.Where(entry => Fails(entry.Payload)).ToList();
        foreach (var entry in entries.Except(failed))
        {
            Taken.Enqueue((request.Topic, entry.Payload));
        }

        return new BulkPublishResponse { FailedEntries = { failed.Select(entry => new BulkPublishResponseFailedEntry { EntryId = entry.EntryId, Error = "not taken" }) } };
    }

    /// <summary>As it stands in the outbox. An object that does not name its region fails for good.</summary>
    static string WithoutOrigin(string payload) => payload switch
    {
        _ when payload.StartsWith(RegionFirst, StringComparison.Ordinal) => "{" + OfTenants().Replace(payload[RegionFirst.Length..], ""),
        ['{', ..] => throw new RpcException(new Status(StatusCode.Internal, "the event does not name its region")),
        _ => payload,
    };

    [GeneratedRegex(",\"brand\":\"[^\"]*\",\"licence\":\"[^\"]*\"")]
    private static partial Regex OfTenants();

    public ValueTask DisposeAsync() => _sidecar.DisposeAsync();
}
