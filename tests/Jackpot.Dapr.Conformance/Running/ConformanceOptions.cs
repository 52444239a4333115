using System.Globalization;

namespace Jackpot.Dapr.Conformance.Running;

/// <summary>What the program was told on its command line.</summary>
sealed record ConformanceOptions
{
    public const string HelpText = """
        jackpot-conformance: facts about a Dapr 1.18 sidecar, one case each.

          --dapr-http-port <port>   HTTP API of the sidecar (or DAPR_HTTP_PORT; 3500)
          --dapr-grpc-port <port>   gRPC API of the sidecar (or DAPR_GRPC_PORT; 50001)
          --app-port <port>         port of the test application (or APP_PORT; 6100)
          --state-store <name>      a state store with etags and transactions, used for actors too (statestore)
          --pubsub <name>           a pub/sub component (pubsub)
          --secret-store <name>     a secret store with at least one secret (secrets)
          --binding <name>          a bindings.localstorage component; its cases are skipped without it
          --api-token <token>       the sidecar's DAPR_API_TOKEN (or DAPR_API_TOKEN)
          --max-body-size <bytes>   the sidecar's limit (4194304)
          --admin-port <port>       fault switches of LocalDapr; their cases are skipped without it
          --parallel <n>            cases that run at once (8)
          --filter <text,text>      only cases whose group or name contains one of the texts
          --list                    print the cases and end
          --help                    print this and end

        Start this program first and the sidecar with --app-port pointing to it, or the other way round: a sidecar waits for its
        application. Example:
          jackpot-conformance --dapr-http-port 3500 --dapr-grpc-port 50001 --app-port 6100
          daprd --app-id conformance --app-port 6100 --dapr-http-port 3500 --dapr-grpc-port 50001 --resources-path ./components ...
        The exit code is 0 when nothing failed, 1 when a case failed, 2 for a wrong command line or a sidecar that does not come up.
        """;

    public int HttpPort { get; init; } = 3500;

    public int GrpcPort { get; init; } = 50001;

    public int AppPort { get; init; } = 6100;

    public string StateStore { get; init; } = "statestore";

    public string PubSub { get; init; } = "pubsub";

    public string SecretStore { get; init; } = "secrets";

    public string? Binding { get; init; }

    public string? ApiToken { get; init; }

    public int MaxBodySize { get; init; } = 4 * 1024 * 1024;

    public int? AdminPort { get; init; }

    public int Parallel { get; init; } = 8;

    public string? Filter { get; init; }

    public bool List { get; init; }

    public bool Help { get; init; }

    public static bool TryParse(string[] args, Func<string, string?> environment, out ConformanceOptions options, out string refusal)
    {
        refusal = "";
        options = new ConformanceOptions
        {
            HttpPort = Number(environment("DAPR_HTTP_PORT")) ?? 3500,
            GrpcPort = Number(environment("DAPR_GRPC_PORT")) ?? 50001,
            AppPort = Number(environment("APP_PORT")) ?? 6100,
            ApiToken = environment("DAPR_API_TOKEN"),
        };
        for (var i = 0; i < args.Length; i++)
        {
            var name = args[i];
            if (name is "--help" or "-h" or "--list")
            {
                options = name == "--list" ? options with { List = true } : options with { Help = true };
                continue;
            }

            if (++i == args.Length)
            {
                refusal = $"{name} needs a value; --help lists the options.";
                return false;
            }

            if (options.With(name, args[i]) is not { } changed)
            {
                refusal = $"'{name} {args[i]}' is not understood; --help lists the options.";
                return false;
            }

            options = changed;
        }

        return true;
    }

    ConformanceOptions? With(string name, string value) => (name, Number(value)) switch
    {
        ("--dapr-http-port", { } port) => this with { HttpPort = port },
        ("--dapr-grpc-port", { } port) => this with { GrpcPort = port },
        ("--app-port", { } port) => this with { AppPort = port },
        ("--admin-port", { } port) => this with { AdminPort = port },
        ("--max-body-size", { } bytes) => this with { MaxBodySize = bytes },
        ("--parallel", { } atOnce and > 0) => this with { Parallel = atOnce },
        ("--state-store", _) => this with { StateStore = value },
        ("--pubsub", _) => this with { PubSub = value },
        ("--secret-store", _) => this with { SecretStore = value },
        ("--binding", _) => this with { Binding = value },
        ("--api-token", _) => this with { ApiToken = value },
        ("--filter", _) => this with { Filter = value },
        _ => null,
    };

    static int? Number(string? text) => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;
}
