using System.Buffers.Binary;
using Dapr.Client;
using Dapr.Client.Autogen.Grpc.v1;
using Google.Protobuf;
using Grpc.Core;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Logging;

namespace Jackpot.Shard.Tests;

/// <summary>A sidecar that takes bulk publishes over gRPC and answers what a test says.</summary>
internal sealed class StubSidecar : IAsyncDisposable
{
    const int FramePrefix = 5;

    readonly WebApplication _app;
    readonly Func<BulkPublishRequest, Task<BulkPublishResponse>> _publish;

    StubSidecar(WebApplication app, Func<BulkPublishRequest, Task<BulkPublishResponse>> publish) => (_app, _publish) = (app, publish);

    public DaprClient Client { get; private set; } = null!;

    /// <param name="publish">Answers a bulk publish, or throws an <see cref="RpcException"/>.</param>
    public static async Task<StubSidecar> StartAsync(Func<BulkPublishRequest, Task<BulkPublishResponse>> publish)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0").ConfigureKestrel(kestrel =>
        {
            kestrel.Limits.MaxRequestBodySize = null;
            kestrel.ConfigureEndpointDefaults(endpoint => endpoint.Protocols = HttpProtocols.Http2);
        });
        var sidecar = new StubSidecar(builder.Build(), publish);
        sidecar._app.MapPost("/dapr.proto.runtime.v1.Dapr/{method}", sidecar.AnswerAsync);
        await sidecar._app.StartAsync(TestContext.Current.CancellationToken);
        sidecar.Client = new DaprClientBuilder().UseGrpcEndpoint(sidecar._app.Urls.Single()).UseHttpEndpoint(sidecar._app.Urls.Single()).Build();
        return sidecar;
    }

    /// <summary>A client whose sidecar is not there.</summary>
    public static DaprClient Nowhere() => new DaprClientBuilder().UseGrpcEndpoint("http://127.0.0.1:1").UseHttpEndpoint("http://127.0.0.1:1").Build();

    async Task AnswerAsync(string method, HttpContext http)
    {
        using var body = new MemoryStream();
        await http.Request.Body.CopyToAsync(body);
        http.Response.ContentType = "application/grpc";
        http.Response.DeclareTrailer("grpc-status");
        http.Response.DeclareTrailer("grpc-message");
        var (status, message) = (StatusCode.OK, "");
        try
        {
            if (!method.StartsWith("BulkPublishEvent", StringComparison.Ordinal))
            {
                throw new RpcException(new Status(StatusCode.Unimplemented, method));
            }

            var answer = (await _publish(BulkPublishRequest.Parser.ParseFrom(body.ToArray()[FramePrefix..]))).ToByteArray();
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
        await _app.DisposeAsync();
    }
}
