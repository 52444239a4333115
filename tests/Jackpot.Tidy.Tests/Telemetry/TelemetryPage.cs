using System.Globalization;
using System.Text;

namespace Jackpot.Tidy.Tests.Telemetry;

/// <summary>docs/telemetry.md: what the services tell about themselves.</summary>
internal static class TelemetryPage
{
    internal const string Path = "docs/telemetry.md";

    internal static string Write(IReadOnlyList<OwnMetric> metrics, IReadOnlyList<LogEvent> events)
    {
        var page = new StringBuilder("""
            # Telemetry

            Written from the sources; do not edit it. To write it anew: `JACKPOT_WRITE_TELEMETRY=1 ./jackpot test --filter Tidy`.

            `services/Jackpot.ServiceDefaults` sets telemetry and health up for every service, with OpenTelemetry's packages.

            * **Metrics.** Every service shows them to Prometheus under `/metrics` (LocalDapr on its admin port): its own, below, and those of ASP.NET Core,
              `HttpClient`, the .NET runtime and Npgsql. What would cost at every request and says little is switched off, and few labels are kept.
            * **Spans** are made only when `OTEL_EXPORTER_OTLP_ENDPOINT` is set; then spans and metrics also go there, over OTLP. `OTEL_TRACES_SAMPLER`
              and the other variables of OpenTelemetry hold.
            * **Names.** Everything carries `service.name` (`jackpot-shard`, `jackpot-gateway`, `jackpot-wallet`, `jackpot-localdapr`) and `service.version`;
              shards and gateways also `jackpot.region`, shards `jackpot.shard` (in Prometheus labels of `target_info`, to join with).
            * **Health.** `/healthz` answers 200 while the process answers. `/readyz` answers 200 while the service can do its work, and else 503 with what is
              missing, a line each.

            ## Metrics

            LocalDapr's have the names of daprd's where it has them: `dapr_runtime_actor_invoke_seconds`, `dapr_component_pubsub_egress_seconds` and others,
            with labels `app_id`, `name` and `success`.

            | metric | project | what |
            |---|---|---|

            """);
        foreach (var metric in metrics)
        {
            page.Append($"| `{metric.Name}` | {metric.Project} | {metric.Text} |\n");
        }

        page.Append("""

            ## Log events

            No two messages of the services share an id.

            | id | level | message | where |
            |---|---|---|---|

            """);
        foreach (var found in events)
        {
            page.Append(CultureInfo.InvariantCulture, $"| {found.Id} | {found.Level} | {found.Message} | `{found.Type}` ({found.Project}) |\n");
        }

        return page.ToString();
    }
}
