using System.Globalization;

namespace DotnetSdk.Running;

/// <summary>Where the sidecar is and what its components are called. The SDK itself reads the same variables.</summary>
sealed record Settings(int HttpPort, int GrpcPort, int AppPort, string StateStore, string PubSub, string SecretStore, string? Binding, string? ApiToken, string? AppToken)
{
    public const string HelpText = """
        jackpot-dotnet-sdk [--list] [text]: drives a Dapr sidecar with the official .NET SDK, as application, client and workflow worker.

        Environment: DAPR_HTTP_PORT (3500), DAPR_GRPC_PORT (50001), APP_PORT (6200), DAPR_API_TOKEN, APP_API_TOKEN;
        STATE_STORE (statestore, for actors too), PUBSUB (pubsub), SECRET_STORE (secrets), BINDING (a bindings.localstorage; skipped without).
        A text runs only the checks whose name contains it. Exit code 0: all passed or skipped; 1: some failed; 2: the sidecar did not come up.
        """;

    public static Settings Read(Func<string, string?> environment) => new(
        Port(environment("DAPR_HTTP_PORT")) ?? 3500,
        Port(environment("DAPR_GRPC_PORT")) ?? 50001,
        Port(environment("APP_PORT")) ?? 6200,
        environment("STATE_STORE") ?? "statestore",
        environment("PUBSUB") ?? "pubsub",
        environment("SECRET_STORE") ?? "secrets",
        environment("BINDING"),
        environment("DAPR_API_TOKEN"),
        environment("APP_API_TOKEN"));

    static int? Port(string? text) => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var port) ? port : null;
}
