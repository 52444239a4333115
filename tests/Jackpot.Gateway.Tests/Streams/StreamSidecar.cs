using System.Buffers.Binary;
using System.Collections.Concurrent;
using System.Text.Json;
using Dapr.Client.Autogen.Grpc.v1;
using Google.Protobuf;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Logging;

namespace Jackpot.Gateway.Tests.Streams;

/// <summary>A sidecar that takes what is published in bulk over gRPC and keeps it, until it is told that the broker is away.</summary>
internal sealed class StreamSidecar : IAsyncDisposable
{
    const int FramePrefix = 5;

    readonly WebApplication _app;

    StreamSidecar(WebApplication app) => _app = app;

    public string Url => _app.Urls.Single();

    public bool BrokerIsAway { get; set; }

    /// <summary>Topic, type and data of every event that was published.</summary>
    public ConcurrentQueue<(string Topic, string Type, string Data)> Published { get; } = [];

    /// <summary>The same events as they would be delivered: a sidecar adds what an envelope does not say.</summary>
    public ConcurrentQueue<string> Deliveries { get; } = [];

    public static async Task<StreamSidecar> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0").ConfigureKestrel(kestrel => kestrel.ConfigureEndpointDefaults(endpoint => endpoint.Protocols = HttpProtocols.Http2));
        var sidecar = new StreamSidecar(builder.Build());
        sidecar._app.MapPost("/dapr.proto.runtime.v1.Dapr/BulkPublishEvent{version}", (RequestDelegate)(http => AnswerAsync(http, sidecar.TakeBulk)));
        sidecar._app.MapPost("/dapr.proto.runtime.v1.Dapr/PublishEvent", (RequestDelegate)(http => AnswerAsync(http, _ => [])));
        await sidecar._app.StartAsync(TestContext.Current.CancellationToken);
        return sidecar;
    }

    byte[] TakeBulk(byte[] body)
    {
        var request = BulkPublishRequest.Parser.ParseFrom(body);
        var answer = new BulkPublishResponse();
        foreach (var entry in request.Entries)
        {
            if (BrokerIsAway)
            {
                answer.FailedEntries.Add(new BulkPublishResponseFailedEntry { EntryId = entry.EntryId, Error = "the broker is away" });
                continue;
            }

            var published = JsonElement.Parse(entry.Event.Span);
            Deliveries.Enqueue($$"""{"specversion":"1.0",{{entry.Event.ToStringUtf8()[1..]}}""");
            Published.Enqueue((request.Topic, published.GetProperty("type").GetString()!, published.GetProperty("data").GetRawText()));
        }

        return answer.ToByteArray();
    }

    static async Task AnswerAsync(HttpContext http, Func<byte[], byte[]> take)
    {
        using var body = new MemoryStream();
        await http.Request.Body.CopyToAsync(body);
        http.Response.ContentType = "application/grpc";
        http.Response.DeclareTrailer("grpc-status");
        var answer = take(body.ToArray()[FramePrefix..]);
        var frame = new byte[FramePrefix + answer.Length];
        BinaryPrimitives.WriteInt32BigEndian(frame.AsSpan(1), answer.Length);
        answer.CopyTo(frame, FramePrefix);
        await http.Response.Body.WriteAsync(frame);
        http.Response.AppendTrailer("grpc-status", "0");
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();
}
