using System.Globalization;
using System.Text.Json;

namespace Jackpot.Dapr.Client;

/// <summary>Where the sidecar is and how to talk to it. Source of the variables: Dapr's environment variable reference.</summary>
public sealed record DaprSidecarOptions
{
    /// <summary>Base address of the sidecar's HTTP API.</summary>
    public Uri HttpEndpoint { get; init; } = new("http://127.0.0.1:3500");

    /// <summary>Base address of the sidecar's gRPC API, which also carries the workflow service.</summary>
    public Uri GrpcEndpoint { get; init; } = new("http://127.0.0.1:50001");

    /// <summary>Sent as <c>dapr-api-token</c> to the sidecar; null when the sidecar asks for none.</summary>
    public string? DaprApiToken { get; init; }

    /// <summary>Expected as <c>dapr-api-token</c> from the sidecar; null when it sends none.</summary>
    public string? AppApiToken { get; init; }

    /// <summary>Time for one HTTP call; after it the call is in doubt.</summary>
    public TimeSpan RequestTimeout { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>Connections to the sidecar at most; further calls wait for one.</summary>
    public int HttpConnectionsMax { get; init; } = 256;

    /// <summary>How values are written as JSON.</summary>
    public JsonSerializerOptions JsonSerializerOptions { get; init; } = JsonSerializerOptions.Web;

    /// <summary>Reads DAPR_HTTP_ENDPOINT or DAPR_HTTP_PORT, DAPR_GRPC_ENDPOINT or DAPR_GRPC_PORT, DAPR_API_TOKEN and APP_API_TOKEN. An endpoint wins over a port.</summary>
    /// <exception cref="FormatException">A variable is set but not usable; the message names it.</exception>
    public static DaprSidecarOptions FromEnvironment(Func<string, string?> read)
    {
        var defaults = new DaprSidecarOptions();
        return new DaprSidecarOptions
        {
            HttpEndpoint = ReadEndpoint(read, "DAPR_HTTP_ENDPOINT", "DAPR_HTTP_PORT") ?? defaults.HttpEndpoint,
            GrpcEndpoint = ReadEndpoint(read, "DAPR_GRPC_ENDPOINT", "DAPR_GRPC_PORT") ?? defaults.GrpcEndpoint,
            DaprApiToken = NullIfEmpty(read("DAPR_API_TOKEN")),
            AppApiToken = NullIfEmpty(read("APP_API_TOKEN")),
        };
    }

    static Uri? ReadEndpoint(Func<string, string?> read, string endpointName, string portName)
    {
        if (NullIfEmpty(read(endpointName)) is { } endpoint)
        {
            return Uri.TryCreate(endpoint, UriKind.Absolute, out var uri) && uri.Scheme is "http" or "https"
                ? uri
                : throw new FormatException($"{endpointName} is '{endpoint}'; expected an address such as http://127.0.0.1:3500.");
        }

        if (NullIfEmpty(read(portName)) is not { } port)
        {
            return null;
        }

        return ushort.TryParse(port, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number > 0
            ? new Uri(string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{number}"))
            : throw new FormatException($"{portName} is '{port}'; expected a port from 1 to 65535.");
    }

    static string? NullIfEmpty(string? text) => string.IsNullOrWhiteSpace(text) ? null : text;
}
