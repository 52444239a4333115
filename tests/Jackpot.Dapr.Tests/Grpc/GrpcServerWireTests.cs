using System.Net.Sockets;
using System.Text;
using Google.Protobuf.WellKnownTypes;
using Jackpot.Dapr.Grpc;
using Jackpot.Dapr.Workflows.Protocol;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using static Jackpot.Dapr.Tests.Grpc.Http2Wire;

namespace Jackpot.Dapr.Tests.Grpc;

public sealed class GrpcServerWireTests
{
    static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Unary_answer_is_headers_then_one_message_then_trailers()
    {
        await using var server = await StartAsync();

        var frames = await CallRawAsync(server, "/s/echo", Hex("00 00000005 0a03692d31"));

        Assert.Equal(Hex("00 00000005 0a03692d31"), frames.Where(frame => frame.IsData).SelectMany(frame => frame.Payload).ToArray());
        Assert.Contains("application/grpc", Text(frames.First(frame => frame.IsHeaders)), StringComparison.Ordinal);
        Assert.Contains("grpc-status\u00010", Text(frames.Last(frame => frame.IsHeaders)), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Refusal_is_a_single_header_frame_with_percent_encoded_message()
    {
        await using var server = await StartAsync();

        var frames = await CallRawAsync(server, "/s/refuse", Hex("00 00000000"));

        var only = Assert.Single(frames, frame => frame.IsHeaders);
        Assert.True(only.EndsStream);
        Assert.Contains("grpc-status\u00016", Text(only), StringComparison.Ordinal);
        Assert.Contains("schon da: %C3%A4 100%25", Text(only), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Unknown_method_is_unimplemented()
    {
        await using var server = await StartAsync();

        var frames = await CallRawAsync(server, "/s/nothing", Hex("00 00000000"));

        Assert.Contains("grpc-status\u000212", Text(frames.First(frame => frame.IsHeaders)), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Message_over_the_limit_is_resource_exhausted()
    {
        await using var server = await StartAsync();

        var frames = await CallRawAsync(server, "/s/echo", Hex("00 00100000 00"));

        Assert.Contains("grpc-status\u00018", Text(frames.First(frame => frame.IsHeaders)), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Handler_that_throws_answers_unknown()
    {
        await using var server = await StartAsync();
        using var channel = new GrpcChannel(server.Address);

        var error = await Assert.ThrowsAsync<RpcException>(() => channel.UnaryAsync<Empty, Empty>("/s/throw", new(), cancellationToken: Ct));

        Assert.Equal(RpcStatusCode.Unknown, error.StatusCode);
        Assert.Equal("broken", error.Detail);
    }

    [Fact]
    public async Task Deadline_of_the_caller_ends_the_handler()
    {
        await using var server = await StartAsync();
        using var channel = new GrpcChannel(server.Address);

        var error = await Assert.ThrowsAsync<RpcException>(
            () => channel.UnaryAsync<Empty, Empty>("/s/wait", new(), TimeSpan.FromMilliseconds(300), Ct));

        Assert.Equal(RpcStatusCode.DeadlineExceeded, error.StatusCode);
        await server.HandlerEnded.Task.WaitAsync(TimeSpan.FromSeconds(10), Ct);
    }

    [Fact]
    public async Task Stream_is_read_message_by_message_and_leaving_it_ends_the_handler()
    {
        await using var server = await StartAsync();
        using var channel = new GrpcChannel(server.Address);
        var seen = new List<string>();

        await foreach (var item in channel.ServerStreamingAsync<Empty, CreateInstanceResponse>("/s/count", new(), Ct))
        {
            seen.Add(item.InstanceId);
            if (seen.Count == 3)
            {
                break;
            }
        }

        Assert.Equal(["0", "1", "2"], seen);
        await server.HandlerEnded.Task.WaitAsync(TimeSpan.FromSeconds(10), Ct);
    }

    [Fact]
    public async Task Message_of_three_megabytes_goes_there_and_back()
    {
        await using var server = await StartAsync(4 * 1024 * 1024);
        using var channel = new GrpcChannel(server.Address);
        var big = new CreateInstanceResponse { InstanceId = new string('x', 3 * 1024 * 1024) };

        var answer = await channel.UnaryAsync<CreateInstanceResponse, CreateInstanceResponse>("/s/echo", big, cancellationToken: Ct);

        Assert.Equal(big, answer);
    }

    static string Text(WireFrame frame) => Encoding.Latin1.GetString(frame.Payload);

    static async Task<List<WireFrame>> CallRawAsync(TestServer server, string path, byte[] body)
    {
        using var client = new TcpClient();
        await client.ConnectAsync("127.0.0.1", server.Address.Port, Ct);
        var stream = client.GetStream();
        byte[] block = [0x83, 0x86, .. Literal(":path", path), .. Literal(":authority", "x"), .. Literal("content-type", "application/grpc"), .. Literal("te", "trailers")];
        await stream.WriteAsync((byte[])[.. Preface, .. EmptySettings, .. Headers(block, endStream: false), .. Data(body, endStream: true)], Ct);
        var frames = new List<WireFrame>();
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(Ct);
        patience.CancelAfter(TimeSpan.FromSeconds(20));
        do
        {
            frames.Add(await ReadFrameAsync(stream, patience.Token));
        }
        while (!frames[^1].EndsStream);
        return frames;
    }

    static async Task<TestServer> StartAsync(int messageBytesMax = 64 * 1024)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.ListenLocalhost0());
        var app = builder.Build();
        var ended = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        app.MapGrpcUnary<CreateInstanceResponse, CreateInstanceResponse>("/s/echo", (request, _) => Task.FromResult(request), messageBytesMax);
        app.MapGrpcUnary<Empty, Empty>("/s/refuse", (_, _) => throw new RpcException(RpcStatusCode.AlreadyExists, "schon da: ä 100%"));
        app.MapGrpcUnary<Empty, Empty>("/s/throw", (_, _) => throw new InvalidOperationException("broken"));
        app.MapGrpcUnary<Empty, Empty>("/s/wait", async (request, call) =>
        {
            try
            {
                await Task.Delay(Timeout.Infinite, call.CancellationToken);
            }
            finally
            {
                ended.TrySetResult();
            }

            return request;
        });
        app.MapGrpcServerStreaming<Empty, CreateInstanceResponse>("/s/count", async (_, stream, call) =>
        {
            try
            {
                for (var i = 0; i < 1_000_000; i++)
                {
                    await stream.WriteAsync(new() { InstanceId = i.ToString(System.Globalization.CultureInfo.InvariantCulture) });
                }
            }
            finally
            {
                ended.TrySetResult();
            }
        });
        app.MapGrpcUnimplemented();
        await app.StartAsync(Ct);
        return new TestServer(app, ended);
    }

    sealed record TestServer(WebApplication App, TaskCompletionSource HandlerEnded) : IAsyncDisposable
    {
        public Uri Address => new(App.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single());

        public ValueTask DisposeAsync() => App.DisposeAsync();
    }
}

static class LoopbackListening
{
    public static void ListenLocalhost0(this KestrelServerOptions kestrel) =>
        kestrel.Listen(System.Net.IPAddress.Loopback, 0, listen => listen.Protocols = HttpProtocols.Http2);
}
