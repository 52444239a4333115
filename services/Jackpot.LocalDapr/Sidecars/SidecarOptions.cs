namespace Jackpot.LocalDapr.Sidecars;

/// <summary>One entry of the sidecars file: the sidecar of one app instance. Several entries with one app id are replicas of one app.</summary>
/// <remarks>What has a default is settable: the JSON source generator would overwrite the default of an init-only property.</remarks>
sealed record SidecarOptions
{
    public required string AppId { get; init; }

    public string Namespace { get; set; } = "default";

    /// <summary>Port of the app; null for an app that serves nothing (no app channel).</summary>
    public int? AppPort { get; set; }

    public required int HttpPort { get; init; }

    public required int GrpcPort { get; init; }

    public IReadOnlyList<string> ResourcesPaths { get; set; } = [];

    public bool EnableAppHealthCheck { get; set; }

    public string AppHealthCheckPath { get; set; } = "/healthz";

    public int AppHealthProbeIntervalSeconds { get; set; } = 5;

    public int AppHealthProbeTimeoutMilliseconds { get; set; } = 500;

    /// <summary>Bad probes in a row after which the app counts as unhealthy.</summary>
    public int AppHealthThreshold { get; set; } = 3;

    /// <summary>Limit of an HTTP body and of a gRPC message, in bytes.</summary>
    public int MaxBodySizeBytes { get; set; } = 4 * 1024 * 1024;

    /// <summary>If set, every call to the sidecar must carry it in <c>dapr-api-token</c>.</summary>
    public string? DaprApiToken { get; set; }

    /// <summary>If set, every call to the app carries it in <c>dapr-api-token</c>.</summary>
    public string? AppApiToken { get; set; }
}
