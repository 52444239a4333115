using System.Text.Json;

namespace Jackpot.Dapr.Client;

/// <summary>Builds a <see cref="DaprClient"/> outside of dependency injection. Starts from the process environment.</summary>
public sealed class DaprClientBuilder
{
    DaprSidecarOptions _options = DaprSidecarOptions.FromEnvironment(Environment.GetEnvironmentVariable);

    /// <summary>Base address of the sidecar's HTTP API.</summary>
    public DaprClientBuilder UseHttpEndpoint(string httpEndpoint) => With(_options with { HttpEndpoint = new Uri(httpEndpoint) });

    /// <summary>Base address of the sidecar's gRPC API.</summary>
    public DaprClientBuilder UseGrpcEndpoint(string grpcEndpoint) => With(_options with { GrpcEndpoint = new Uri(grpcEndpoint) });

    /// <summary>How values are written as JSON.</summary>
    public DaprClientBuilder UseJsonSerializationOptions(JsonSerializerOptions options) => With(_options with { JsonSerializerOptions = options });

    /// <summary>Token the sidecar asks for.</summary>
    public DaprClientBuilder UseDaprApiToken(string apiToken) => With(_options with { DaprApiToken = apiToken });

    /// <summary>Time for one call.</summary>
    public DaprClientBuilder UseTimeout(TimeSpan timeout) => With(_options with { RequestTimeout = timeout });

    /// <summary>Builds the client; nothing is sent yet.</summary>
    public DaprClient Build() => new(new SidecarHttp(_options), ownsSidecar: true);

    DaprClientBuilder With(DaprSidecarOptions options)
    {
        _options = options;
        return this;
    }
}
