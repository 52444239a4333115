using System.Buffers.Binary;
using System.Collections.Concurrent;
using System.Net;
using Dapr.Client;
using Dapr.Client.Autogen.Grpc.v1;
using Dapr.Workflow;
using Google.Protobuf;
using Grpc.Core;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Jackpot.Shard.Tests;

/// <summary>A sidecar that takes bulk publishes and starts of workflows over gRPC and answers what a test says.</summary>
internal sealed class StubSidecar : IAsyncDisposable
{
    const int FramePrefix = 5;

    readonly WebApplication _app;
    readonly Func<BulkPublishRequest, Task<BulkPublishResponse>> _publish;
    ServiceProvider? _workflows;

    StubSidecar(WebApplication app, Func<BulkPublishRequest, Task<BulkPublishResponse>> publish) => (_app, _publish) = (app, publish);

    public DaprClient Client { get; private set; } = null!;

    /// <summary>Starts workflows at this sidecar.</summary>
    public DaprWorkflowClient Workflows => (_workflows ??= WorkflowServices(GrpcAddress)).GetRequiredService<DaprWorkflowClient>();

    public string GrpcAddress => _app.Urls.First();

    /// <summary>What it says of itself.</summary>
    public GetMetadataResponse Metadata { get; } = new() { ActorRuntime = new ActorRuntime { Placement = "placement: connected" } };

    /// <summary>Answers whether it is healthy; may keep the asker waiting.</summary>
    public Func<Task<IResult>> HealthAsync { get; set; } = () => Task.FromResult(Results.NoContent());

    /// <summary>The ids of the workflows that were started, in order.</summary>
    public ConcurrentQueue<string> Started { get; } = [];

    /// <summary>What was published one by one, in order.</summary>
    public ConcurrentQueue<PublishEventRequest> Published { get; } = [];

    /// <summary>A workflow of such an id is refused with this status.</summary>
    public Func<string, StatusCode?> Refuses { get; set; } = _ => null;

    /// <param name="publish">Answers a bulk publish, or throws an <see cref="RpcException"/>; null when none comes.</param>
    public static async Task<StubSidecar> StartAsync(Func<BulkPublishRequest, Task<BulkPublishResponse>>? publish = null)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.Limits.MaxRequestBodySize = null;
            kestrel.Listen(IPAddress.Loopback, 0, endpoint => endpoint.Protocols = HttpProtocols.Http2);
            kestrel.Listen(IPAddress.Loopback, 0, endpoint => endpoint.Protocols = HttpProtocols.Http1);
        });
        var sidecar = new StubSidecar(builder.Build(), publish ?? (_ => throw new RpcException(new Status(StatusCode.Unimplemented, "bulk publish"))));
        sidecar.Map("/dapr.proto.runtime.v1.Dapr/BulkPublishEvent{version}", sidecar.PublishAsync);
        sidecar.Map("/dapr.proto.runtime.v1.Dapr/PublishEvent", sidecar.PublishOneAsync);
        sidecar.Map("/TaskHubSidecarService/StartInstance", sidecar.StartAsync);
        sidecar.Map("/dapr.proto.runtime.v1.Dapr/GetMetadata", _ => Task.FromResult(sidecar.Metadata.ToByteArray()));
        sidecar._app.MapGet("/v1.0/healthz", () => sidecar.HealthAsync());
        await sidecar._app.StartAsync(TestContext.Current.CancellationToken);
        sidecar.Client = new DaprClientBuilder().UseGrpcEndpoint(sidecar.GrpcAddress).UseHttpEndpoint(sidecar._app.Urls.Last()).Build();
        return sidecar;
    }

    static ServiceProvider WorkflowServices(string address)
    {
        var settings = new Dictionary<string, string?> { ["DAPR_GRPC_ENDPOINT"] = address, ["DAPR_HTTP_ENDPOINT"] = address };
        var services = new ServiceCollection().AddLogging().AddSingleton<IConfiguration>(new ConfigurationBuilder().AddInMemoryCollection(settings).Build());
        services.AddDaprWorkflow(_ => { });
        return services.BuildServiceProvider();
    }

    /// <summary>A client whose sidecar is not there.</summary>
    public static DaprClient Nowhere() => new DaprClientBuilder().UseGrpcEndpoint("http://127.0.0.1:1").UseHttpEndpoint("http://127.0.0.1:1").Build();

    void Map(string path, Func<byte[], Task<byte[]>> take) => _app.MapPost(path, (RequestDelegate)(http => AnswerAsync(http, take)));

    async Task<byte[]> PublishAsync(byte[] request) => (await _publish(BulkPublishRequest.Parser.ParseFrom(request))).ToByteArray();

    Task<byte[]> PublishOneAsync(byte[] request)
    {
        Published.Enqueue(PublishEventRequest.Parser.ParseFrom(request));
        return Task.FromResult<byte[]>([]);
    }

    /// <summary>The id is the first field of the request and of the answer.</summary>
    Task<byte[]> StartAsync(byte[] request)
    {
        var input = new CodedInputStream(request);
        input.ReadTag();
        var id = input.ReadString();
        if (Refuses(id) is { } status)
        {
            throw new RpcException(new Status(status, $"workflow {id} is refused"));
        }

        Started.Enqueue(id);
        return Task.FromResult(request[..(int)input.Position]);
    }

    static async Task AnswerAsync(HttpContext http, Func<byte[], Task<byte[]>> take)
    {
        using var body = new MemoryStream();
        await http.Request.Body.CopyToAsync(body);
        http.Response.ContentType = "application/grpc";
        http.Response.DeclareTrailer("grpc-status");
        http.Response.DeclareTrailer("grpc-message");
        var (status, message) = (StatusCode.OK, "");
        try
        {
            var answer = await take(body.ToArray()[FramePrefix..]);
            var frame = new byte[FramePrefix + answer.Length];
            BinaryPrimitives.WriteInt32BigEndian(frame.AsSpan(1), answer.Length);
            answer.CopyTo(frame, FramePrefix);
            await http.Response.Body.WriteAsync(frame);
        }
        catch (RpcException refused)
        {
            (status, message) = (refused.StatusCode, refused.Status.Detail);
        }

        http.Response.AppendTrailer("grpc-status", ((int)status).ToString(System.Globalization.CultureInfo.InvariantCulture));
        http.Response.AppendTrailer("grpc-message", message);
    }

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        await (_workflows?.DisposeAsync() ?? ValueTask.CompletedTask);
        await _app.DisposeAsync();
    }
}
