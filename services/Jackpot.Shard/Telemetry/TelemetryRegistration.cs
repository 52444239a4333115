using OpenTelemetry;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;

namespace Jackpot.Shard.Telemetry;

internal static class TelemetryRegistration
{
    const string ServiceName = "jackpot-shard";
    const string OtlpEndpoint = "OTEL_EXPORTER_OTLP_ENDPOINT";

    /// <summary>Metrics are always kept for <c>/metrics</c>. Traces and metrics go out over OTLP when OTEL_EXPORTER_OTLP_ENDPOINT is set.</summary>
    public static void AddTelemetry(this WebApplicationBuilder builder)
    {
        var exportsOtlp = !string.IsNullOrEmpty(builder.Configuration[OtlpEndpoint]);
        var resource = ResourceBuilder.CreateDefault().AddService(ServiceName);
        builder.Services.AddSingleton<ShardMetrics>().AddSingleton<PrometheusExporter>();
        builder.Services.AddSingleton<MetricReader>(services => new BaseExportingMetricReader(services.GetRequiredService<PrometheusExporter>()));
        builder.Services.AddSingleton(services =>
        {
            var metrics = Sdk.CreateMeterProviderBuilder().SetResourceBuilder(resource)
                .AddMeter(ShardMetrics.MeterName, "Npgsql").AddReader(services.GetRequiredService<MetricReader>());
            return exportsOtlp ? metrics.AddOtlpExporter().Build() : metrics.Build();
        });
        if (exportsOtlp)
        {
            builder.Services.AddSingleton(_ => Sdk.CreateTracerProviderBuilder().SetResourceBuilder(resource)
                .AddSource("Microsoft.AspNetCore", "Npgsql").AddOtlpExporter().Build());
        }
    }

    public static void MapTelemetry(this WebApplication app)
    {
        // The providers listen from the moment they are made, which is now and not at the first scrape.
        _ = app.Services.GetRequiredService<MeterProvider>();
        _ = app.Services.GetService<TracerProvider>();
        app.MapGet("/metrics", (PrometheusExporter exporter, MetricReader reader) =>
            TypedResults.Text(exporter.Scrape(reader), "text/plain; version=0.0.4"));
    }
}
