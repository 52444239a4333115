using Dapr.Client.Autogen.Grpc.v1;
using Google.Protobuf;
using Grpc.Core;
using Grpc.Net.Client;
using Jackpot.LocalDapr.Tests.Running;
using Jackpot.TestKit;
using DaprCalls = Dapr.Client.Autogen.Grpc.v1.Dapr.DaprClient;

namespace Jackpot.LocalDapr.Tests.Calls;

public sealed class GrpcEdgeTests(PostgresFixture postgres)
{
    const int LimitBytes = 64 * 1024;

    readonly TestSidecar _app = TestSidecar.New("orders");

    static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Message_over_the_limit_is_ResourceExhausted_and_the_next_call_goes_through()
    {
        _app.More["maxBodySizeBytes"] = LimitBytes;
        await using var node = await TestNode.StartAsync(await postgres.CreateDatabaseAsync(), _app);
        using var channel = GrpcChannel.ForAddress($"http://127.0.0.1:{_app.GrpcPort}");
        var calls = new DaprCalls(channel);

        var refused = await Assert.ThrowsAsync<RpcException>(async () => await calls.SaveStateAsync(Save("a", new byte[LimitBytes + 1]), cancellationToken: Ct));
        await calls.SaveStateAsync(Save("a", [1]), cancellationToken: Ct);

        Assert.Equal(StatusCode.ResourceExhausted, refused.StatusCode);
    }

    [Fact]
    public async Task Bytes_that_are_no_json_are_base64_in_a_bulk_read_over_http()
    {
        await using var node = await TestNode.StartAsync(await postgres.CreateDatabaseAsync(), _app);
        using var channel = GrpcChannel.ForAddress($"http://127.0.0.1:{_app.GrpcPort}");
        await new DaprCalls(channel).SaveStateAsync(Save("a", [0, 255, 34]), cancellationToken: Ct);

        var answer = await node.SendAsync(_app, "POST", "/v1.0/state/statestore/bulk", """{"keys":["a"]}""");

        Assert.Equal(200, answer.Status);
        Assert.Contains("\"data\":\"AP8i\"", answer.Body, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/dapr.proto.runtime.v1.Dapr/NoSuchMethod")]
    [InlineData("/no.such.Service/Method")]
    public async Task Unknown_method_is_Unknown_because_daprd_takes_it_for_one_of_another_application(string path)
    {
        await using var node = await TestNode.StartAsync(await postgres.CreateDatabaseAsync(), _app);
        using var channel = GrpcChannel.ForAddress($"http://127.0.0.1:{_app.GrpcPort}");
        var bytes = Marshallers.Create(text => text, text => text);
        var method = new Method<byte[], byte[]>(MethodType.Unary, path.Split('/')[1], path.Split('/')[2], bytes, bytes);

        var refused = await Assert.ThrowsAsync<RpcException>(async () => await channel.CreateCallInvoker().AsyncUnaryCall(method, null, new CallOptions(cancellationToken: Ct), []));

        Assert.Equal(StatusCode.Unknown, refused.StatusCode);
    }

    [Fact]
    public async Task Job_data_that_cannot_be_kept_as_text_is_refused()
    {
        await using var node = await TestNode.StartAsync(await postgres.CreateDatabaseAsync(), _app);
        using var channel = GrpcChannel.ForAddress($"http://127.0.0.1:{_app.GrpcPort}");
        var job = new Job { Name = "j", DueTime = "1h", Data = new() { Value = ByteString.CopyFrom(255, 254) } };

        var refused = await Assert.ThrowsAsync<RpcException>(async () => await new DaprCalls(channel).ScheduleJobAsync(new ScheduleJobRequest { Job = job }, cancellationToken: Ct));

        Assert.Equal(StatusCode.InvalidArgument, refused.StatusCode);
    }

    static SaveStateRequest Save(string key, byte[] value) => new() { StoreName = "statestore", States = { new StateItem { Key = key, Value = ByteString.CopyFrom(value) } } };
}
