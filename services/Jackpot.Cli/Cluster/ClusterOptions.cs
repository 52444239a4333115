namespace Jackpot.Cli.Cluster;

/// <summary>Which runtime serves the sidecars.</summary>
enum SidecarKind { LocalDapr, Daprd }

/// <summary>What the user of `up` asked for.</summary>
sealed record ClusterOptions(
    string Root, string RunDirectory, int? BasePort = null, bool FreePorts = false, int Replicas = 0, int TrafficPerSecond = 0,
    string? Broker = null, SidecarKind Sidecar = SidecarKind.LocalDapr, string Configuration = "Release")
{
    /// <summary>An app that somebody else starts, for which the cluster has a sidecar.</summary>
    internal (string AppId, int Port)? App { get; init; }

    /// <summary>The only region to start; null for all.</summary>
    internal string? Region { get; init; }

    /// <summary>Of the environment of this process.</summary>
    internal Func<string, string?> Variable { get; init; } = Environment.GetEnvironmentVariable;

    /// <summary>The place that is no region.</summary>
    internal const string BetweenRegions = "network";

    internal bool Includes(string place) => Region is null || place == Region || place == BetweenRegions;

    internal const string DefaultRunFolder = ".run";
    const int ReplicasMax = 8;
    const int TrafficMax = 100_000;

    static readonly string[] Names = ["--run-dir", "--base-port", "--replicas", "--traffic", "--broker", "--sidecar", "--configuration", "--parent-pid", "--app", "--region"];
    static readonly string[] Switches = ["--free-ports", "--no-build"];

    internal static (ClusterOptions Options, Arguments Arguments) Parse(string[] args)
    {
        var arguments = Arguments.Parse(args, Names, Switches);
        var root = RepositoryRoot.Find();
        var options = new ClusterOptions(
            root, RunDirectoryOf(arguments, root), arguments.Number("--base-port", 1024, 65_000), arguments.Has("--free-ports"),
            arguments.Number("--replicas", 1, ReplicasMax) ?? 0, arguments.Number("--traffic", 0, TrafficMax) ?? 0, arguments.Text("--broker"),
            Sidecars(arguments.Text("--sidecar")), arguments.Text("--configuration") ?? "Release")
        {
            App = AppOf(arguments.Text("--app")),
            Region = arguments.Text("--region"),
        };
        if (options.Configuration is not ("Release" or "Debug"))
        {
            throw new CommandException($"--configuration is '{options.Configuration}'; say Release or Debug.", ExitCodes.Usage);
        }
        return (options, arguments);
    }

    internal static string RunDirectoryOf(Arguments arguments, string root) =>
        arguments.Text("--run-dir") is { } given ? Path.GetFullPath(given) : Path.Combine(root, DefaultRunFolder);

    static (string AppId, int Port)? AppOf(string? text) => text?.Split('=') switch
    {
        null => null,
        [{ Length: > 0 } id, var port] when int.TryParse(port, out var number) && number is > 0 and <= 65_535 => (id, number),
        _ => throw new CommandException($"--app is '{text}'; say the app's id and its port, for example my-app=5000.", ExitCodes.Usage),
    };

    static SidecarKind Sidecars(string? name) => name switch
    {
        null or "localdapr" => SidecarKind.LocalDapr,
        "daprd" => SidecarKind.Daprd,
        _ => throw new CommandException($"--sidecar is '{name}'; say localdapr or daprd.", ExitCodes.Usage),
    };
}
