using System.Reflection;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Npgsql;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;

namespace Jackpot.ServiceDefaults.Telemetry;

/// <summary>The one set-up of metrics and traces that every service uses.</summary>
public static class TelemetryRegistration
{
    /// <summary>Where Prometheus reads the metrics of a service.</summary>
    public const string MetricsPath = "/metrics";

    const string OtlpEndpoint = "OTEL_EXPORTER_OTLP_ENDPOINT";
    const string ProbePath = "/healthz";
    const string ReadinessPath = "/readyz";

    /// <summary>Would cost at every request and say little: the durations count the same requests.</summary>
    static readonly string[] Dropped =
    [
        "http.server.active_requests", "aspnetcore.routing.match_attempts", "kestrel.queued_requests",
        "http.client.active_requests", "http.client.request.time_in_queue",
    ];

    /// <summary>Names that Prometheus keeps for the parts of a histogram or counter, each with the name that is shown instead.</summary>
    static readonly (string Name, string Shown)[] Renamed =
    [
        ("db.client.connection.count", "db.client.connections"), ("dotnet.assembly.count", "dotnet.assemblies"),
        ("dotnet.process.cpu.count", "dotnet.process.cpus"), ("dotnet.timer.count", "dotnet.timers"),
    ];

    /// <summary>Seconds: from a request that memory answers to one that somebody has given up on.</summary>
    static readonly double[] RequestSeconds = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 5];

    /// <summary>
    /// Keeps metrics for <c>/metrics</c>. Spans are made, and spans and metrics sent out over OTLP, only when OTEL_EXPORTER_OTLP_ENDPOINT is
    /// set: a bet pays for no span that nobody reads.
    /// </summary>
    /// <param name="builder">The service's builder.</param>
    /// <param name="service">Name of the service, for example <c>jackpot-shard</c>.</param>
    /// <param name="meters">The service's own meters.</param>
    public static void AddTelemetry(this IHostApplicationBuilder builder, string service, params string[] meters)
    {
        var exportsOtlp = !string.IsNullOrEmpty(builder.Configuration[OtlpEndpoint]);
        var telemetry = builder.Services.AddOpenTelemetry().ConfigureResource(resource => resource.AddService(service, serviceVersion: Version()));
        telemetry.WithMetrics(metrics =>
        {
            metrics.AddMeter(meters).AddAspNetCoreInstrumentation().AddHttpClientInstrumentation().AddRuntimeInstrumentation().AddNpgsqlInstrumentation();
            KeepFew(metrics);
            metrics.AddPrometheusExporter(prometheus =>
            {
                prometheus.ScrapeEndpointPath = MetricsPath;
                prometheus.ScopeInfoEnabled = false;
                prometheus.ScrapeResponseCacheDurationMilliseconds = 0;
            });
            if (exportsOtlp)
            {
                metrics.AddOtlpExporter();
            }
        });
        if (exportsOtlp)
        {
            telemetry.WithTracing(traces => traces
                .AddAspNetCoreInstrumentation(server => server.Filter = http => http.Request.Path.Value is not (MetricsPath or ProbePath or ReadinessPath))
                .AddHttpClientInstrumentation().AddNpgsql().AddOtlpExporter());
        }
    }

    /// <summary>Everything that the service measures then says where it runs.</summary>
    /// <param name="builder">The service's builder.</param>
    /// <param name="region">Its region.</param>
    /// <param name="shard">Its shard, where it is one.</param>
    public static void AddPlace(this IHostApplicationBuilder builder, string? region, string? shard = null)
    {
        (string Name, string? Value)[] place = [("jackpot.region", region), ("jackpot.shard", shard)];
        builder.Services.AddOpenTelemetry().ConfigureResource(resource => resource.AddAttributes(
            place.Where(entry => !string.IsNullOrEmpty(entry.Value)).Select(entry => KeyValuePair.Create<string, object>(entry.Name, entry.Value!))));
    }

    /// <summary>Serves <see cref="MetricsPath"/> as Prometheus text.</summary>
    public static IEndpointConventionBuilder MapMetrics(this IEndpointRouteBuilder routes) => routes.MapPrometheusScrapingEndpoint();

    static void KeepFew(MeterProviderBuilder metrics)
    {
        foreach (var name in Dropped)
        {
            metrics.AddView(name, MetricStreamConfiguration.Drop);
        }

        foreach (var (name, shown) in Renamed)
        {
            metrics.AddView(name, shown);
        }

        metrics.AddView("http.server.request.duration", new ExplicitBucketHistogramConfiguration
        {
            TagKeys = ["http.request.method", "http.route", "http.response.status_code"],
            Boundaries = RequestSeconds,
        });
        metrics.AddView("http.client.request.duration", new ExplicitBucketHistogramConfiguration
        {
            TagKeys = ["http.request.method", "server.address", "server.port", "http.response.status_code", "error.type"],
            Boundaries = RequestSeconds,
        });
    }

    /// <summary>The version that was built, without the commit that the compiler adds to it.</summary>
    static string? Version() =>
        Assembly.GetEntryAssembly()?.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion.Split('+')[0];
}
