using Google.Protobuf.WellKnownTypes;
using Jackpot.Dapr.Grpc;
using Jackpot.Dapr.Workflows;
using Jackpot.Dapr.Workflows.Protocol;
using static Jackpot.Dapr.Tests.Grpc.Http2Wire;

namespace Jackpot.Dapr.Tests.Grpc;

public sealed class GrpcChannelWireTests
{
    // As grpc-go, which daprd is built with, puts them on the wire: ":status 200", "content-type application/grpc" (Huffman).
    static readonly byte[] GoHeaders = Headers(Hex("88 5f8b1d75d0620d263d4c4d6564"), endStream: false);

    // "grpc-status 0", "grpc-message" empty.
    static readonly byte[] GoOkTrailers = Headers(Hex("40889acac8b21234da8f0130 40899acac8b5254207317f00"), endStream: true);

    // CreateInstanceResponse { instanceId = "i-1" }
    static readonly byte[] Started = Hex("00 00000005 0a03692d31");

    static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Unary_answer_of_grpc_go_is_read()
    {
        await using var server = new ScriptedServer(GoHeaders, Data(Started, endStream: false), GoOkTrailers);
        using var channel = new GrpcChannel(server.Address);

        var answer = await channel.UnaryAsync<CreateInstanceRequest, CreateInstanceResponse>(
            TaskHubSidecar.StartInstance, new() { InstanceId = "i-1", Name = "Pay" }, cancellationToken: Ct);

        Assert.Equal("i-1", answer.InstanceId);
    }

    [Fact]
    public async Task Request_is_one_frame_of_flag_length_and_message()
    {
        await using var server = new ScriptedServer(GoHeaders, Data(Started, endStream: false), GoOkTrailers);
        using var channel = new GrpcChannel(server.Address);

        await channel.UnaryAsync<CreateInstanceRequest, CreateInstanceResponse>(
            TaskHubSidecar.StartInstance, new() { InstanceId = "i-1", Name = "Pay" }, cancellationToken: Ct);

        var sent = server.Received.Where(frame => frame.IsData).SelectMany(frame => frame.Payload).ToArray();
        Assert.Equal(Hex("00 0000000a 0a03692d31 1203506179"), sent);
        var headers = System.Text.Encoding.Latin1.GetString(server.Received.First(frame => frame.IsHeaders).Payload);
        Assert.Contains("/TaskHubSidecarService/StartInstance", headers, StringComparison.Ordinal);
        Assert.Contains("application/grpc", headers, StringComparison.Ordinal);
        Assert.Contains("trailers", headers, StringComparison.Ordinal);
        Assert.Contains("grpc-timeout", headers, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Message_cut_into_many_data_frames_is_put_together()
    {
        var pieces = Started.Select(b => Data([b], endStream: false)).ToArray();
        await using var server = new ScriptedServer([GoHeaders, .. pieces, GoOkTrailers]);
        using var channel = new GrpcChannel(server.Address);

        var answer = await channel.UnaryAsync<Empty, CreateInstanceResponse>("/s/m", new(), cancellationToken: Ct);

        Assert.Equal("i-1", answer.InstanceId);
    }

    [Fact]
    public async Task Trailers_only_error_carries_code_and_decoded_message()
    {
        byte[] block = [0x88, .. Hex("5f8b1d75d0620d263d4c4d6564"), .. Literal("grpc-status", "6"), .. Literal("grpc-message", "workflow 'a%C3%A4' exists: 100%25")];
        await using var server = new ScriptedServer(Headers(block, endStream: true));
        using var channel = new GrpcChannel(server.Address);

        var error = await Assert.ThrowsAsync<RpcException>(() => channel.UnaryAsync<Empty, Empty>("/s/m", new(), cancellationToken: Ct));

        Assert.Equal(RpcStatusCode.AlreadyExists, error.StatusCode);
        Assert.Equal("workflow 'aä' exists: 100%", error.Detail);
    }

    [Fact]
    public async Task Error_in_the_trailers_after_messages_ends_a_stream_with_that_error()
    {
        byte[] trailers = [.. Literal("grpc-status", "14"), .. Literal("grpc-message", "going away")];
        await using var server = new ScriptedServer(GoHeaders, Data(Started, endStream: false), Data(Started, endStream: false), Headers(trailers, endStream: true));
        using var channel = new GrpcChannel(server.Address);
        var seen = 0;

        var error = await Assert.ThrowsAsync<RpcException>(async () =>
        {
            await foreach (var item in channel.ServerStreamingAsync<Empty, CreateInstanceResponse>("/s/m", new(), Ct))
            {
                Assert.Equal("i-1", item.InstanceId);
                seen++;
            }
        });

        Assert.Equal(2, seen);
        Assert.Equal(RpcStatusCode.Unavailable, error.StatusCode);
    }

    [Fact]
    public async Task Silent_server_runs_into_the_deadline_and_gets_a_reset()
    {
        await using var server = new ScriptedServer();
        using var channel = new GrpcChannel(server.Address);

        var error = await Assert.ThrowsAsync<RpcException>(
            () => channel.UnaryAsync<Empty, Empty>("/s/m", new(), TimeSpan.FromMilliseconds(200), Ct));

        Assert.Equal(RpcStatusCode.DeadlineExceeded, error.StatusCode);
        var reset = await server.Reset.Task.WaitAsync(TimeSpan.FromSeconds(10), Ct);
        Assert.Equal(Hex("00000008"), reset.Payload);
    }

    [Fact]
    public async Task Callers_cancellation_is_not_an_rpc_error()
    {
        await using var server = new ScriptedServer();
        using var channel = new GrpcChannel(server.Address);
        using var giveUp = new CancellationTokenSource(200);

        await Assert.ThrowsAnyAsync<OperationCanceledException>(
            () => channel.UnaryAsync<Empty, Empty>("/s/m", new(), cancellationToken: giveUp.Token));
    }

    [Fact]
    public async Task Announced_message_over_the_limit_is_refused_before_it_is_read()
    {
        await using var server = new ScriptedServer(GoHeaders, Data(Hex("00 7fffffff 00"), endStream: false));
        using var channel = new GrpcChannel(server.Address, new() { MessageBytesMax = 1000 });

        var error = await Assert.ThrowsAsync<RpcException>(() => channel.UnaryAsync<Empty, Empty>("/s/m", new(), cancellationToken: Ct));

        Assert.Equal(RpcStatusCode.ResourceExhausted, error.StatusCode);
    }

    [Fact]
    public async Task Compressed_message_is_refused()
    {
        await using var server = new ScriptedServer(GoHeaders, Data(Hex("01 00000001 00"), endStream: false), GoOkTrailers);
        using var channel = new GrpcChannel(server.Address);

        var error = await Assert.ThrowsAsync<RpcException>(() => channel.UnaryAsync<Empty, Empty>("/s/m", new(), cancellationToken: Ct));

        Assert.Equal(RpcStatusCode.Unimplemented, error.StatusCode);
    }

    [Fact]
    public async Task Answer_that_stops_inside_a_message_is_an_error()
    {
        await using var server = new ScriptedServer(GoHeaders, Data(Hex("00 00000005 0a03"), endStream: false), GoOkTrailers);
        using var channel = new GrpcChannel(server.Address);

        var error = await Assert.ThrowsAsync<RpcException>(() => channel.UnaryAsync<Empty, CreateInstanceResponse>("/s/m", new(), cancellationToken: Ct));

        Assert.Equal(RpcStatusCode.Internal, error.StatusCode);
    }

    [Fact]
    public async Task Nobody_listening_is_unavailable_and_nothing_was_sent()
    {
        var server = new ScriptedServer();
        using var channel = new GrpcChannel(server.Address);
        await server.DisposeAsync();

        var error = await Assert.ThrowsAsync<RpcException>(() => channel.UnaryAsync<Empty, Empty>("/s/m", new(), cancellationToken: Ct));

        Assert.Equal(RpcStatusCode.Unavailable, error.StatusCode);
        Assert.True(error.NothingWasSent);
    }

    [Fact]
    public void Ping_delay_that_a_sidecar_would_punish_is_refused() =>
        Assert.Throws<ArgumentException>(() => new GrpcChannel(new Uri("http://127.0.0.1:1"), new() { KeepAlivePingDelay = TimeSpan.FromSeconds(5) }));
}
