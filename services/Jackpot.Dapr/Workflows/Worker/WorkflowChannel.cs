using Jackpot.Dapr.Client;
using Jackpot.Dapr.Grpc;

namespace Jackpot.Dapr.Workflows.Worker;

/// <summary>The gRPC connection to the sidecar's workflow service, shared by worker and client.</summary>
internal sealed class WorkflowChannel(DaprSidecarOptions options) : IDisposable
{
    public GrpcChannel Grpc { get; } = new(options.GrpcEndpoint, new GrpcChannelOptions
    {
        Metadata = options.DaprApiToken is { } token ? new Dictionary<string, string> { ["dapr-api-token"] = token } : [],
    });

    public void Dispose() => Grpc.Dispose();
}
