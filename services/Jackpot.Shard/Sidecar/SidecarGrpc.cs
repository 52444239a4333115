using Grpc.Core;
using Grpc.Net.Client;
using DaprGrpc = Dapr.Client.Autogen.Grpc.v1.Dapr;

namespace Jackpot.Shard.Sidecar;

/// <summary>The sidecar's own protocol, for the little that the SDK has no method for.</summary>
internal sealed class SidecarGrpc(string address, string? token) : IDisposable
{
    readonly GrpcChannel _channel = GrpcChannel.ForAddress(address);

    /// <summary>The sidecar of <c>DAPR_GRPC_ENDPOINT</c> or <c>DAPR_GRPC_PORT</c>, with <c>DAPR_API_TOKEN</c> where one is set.</summary>
    public static SidecarGrpc Of(IConfiguration configuration) => new(
        configuration["DAPR_GRPC_ENDPOINT"] is { Length: > 0 } named ? named : $"http://127.0.0.1:{configuration["DAPR_GRPC_PORT"] ?? "50001"}",
        configuration["DAPR_API_TOKEN"]);

    public DaprGrpc.DaprClient Client => field ??= new DaprGrpc.DaprClient(_channel);

    /// <summary>What a request carries.</summary>
    public CallOptions Options(TimeSpan max, CancellationToken ct)
    {
        var headers = new Metadata();
        if (token is { Length: > 0 })
        {
            headers.Add("dapr-api-token", token);
        }

        return new CallOptions(headers, DateTime.UtcNow + max, ct);
    }

    public void Dispose() => _channel.Dispose();
}
