using System.Text.Json;
using Jackpot.Ledger;
using Jackpot.Ledger.Audit;
using Jackpot.Ledger.Loops;
using Jackpot.Ledger.Settings;
using Jackpot.Ledger.Telemetry;
using Jackpot.Regulator;
using Jackpot.Regulator.Records;
using Jackpot.Regulator.Replay;
using Jackpot.ServiceDefaults.Health;
using Jackpot.ServiceDefaults.Sidecar;
using Jackpot.ServiceDefaults.Telemetry;
using Jackpot.Shard.Archive;
using Jackpot.Shard.Audit;
using Jackpot.Shard.Balancing;
using Jackpot.Shard.Changes;
using Jackpot.Shard.Contributions;
using Jackpot.Shard.Disclosure;
using Jackpot.Shard.ExternalTriggers;
using Jackpot.Shard.Jackpots;
using Jackpot.Shard.Lifecycle;
using Jackpot.Shard.Outbox;
using Jackpot.Shard.Ownership;
using Jackpot.Shard.Parking;
using Jackpot.Shard.Payouts;
using Jackpot.Shard.HeldPayouts;
using Jackpot.Shard.Payouts.Watchdog;
using Jackpot.Shard.Players;
using Jackpot.Shard.Quarantine;
using Jackpot.Shard.Reconciliation;
using Jackpot.Shard.Overdue;
using Jackpot.Shard.Refunds;
using Jackpot.Shard.Regions;
using Jackpot.Shard.Rejected;
using Jackpot.Shard.Reports;
using Jackpot.Shard.Requests;
using Jackpot.Shard.Sidecar;
using Jackpot.Shard.Streams;
using Jackpot.Shard.Templates;
using Jackpot.Shard.Voids;
using Jackpot.Streams.Canaries;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Jackpot.Shard;

/// <summary>What the program is made of: its features and their endpoints. Tests open the same ones in process.</summary>
internal static class ShardApp
{
    public static void AddShard(this WebApplicationBuilder builder)
    {
        builder.AddRegions();
        builder.AddTelemetry("jackpot-shard", ShardMetrics.MeterName, CanaryRegistration.MeterName);
        builder.AddPlace(builder.Configuration[$"{ShardOptions.Section}:{nameof(ShardOptions.Region)}"], builder.Configuration[$"{ShardOptions.Section}:{nameof(ShardOptions.Id)}"]);
        builder.Services.AddHealthChecks()
            .AddCheck<DatabaseCheck>("database", timeout: HealthEndpoints.CheckTimeout)
            .AddCheck<SidecarCheck>("sidecar", HealthStatus.Degraded, timeout: HealthEndpoints.CheckTimeout)
            .AddCheck<PlacementCheck>("placement", HealthStatus.Degraded, timeout: HealthEndpoints.CheckTimeout)
            .AddCheck<BrokerCheck>("broker", HealthStatus.Degraded, timeout: HealthEndpoints.CheckTimeout)
            .AddCheck<EngineCheck>("workflow engine", HealthStatus.Degraded, timeout: HealthEndpoints.CheckTimeout);
        builder.Services.AddLedger(builder.Configuration.GetConnectionString(ShardSettings.ConnectionName));
        builder.Services.AddSingleton(services => new LoopTools(
            services.GetRequiredService<ShardMetrics>(), services.GetRequiredService<TimeProvider>(), services.GetRequiredService<ILogger<HostedLoop>>()) { IsOutage = RowFault.IsOutage });
        builder.Services.AddArchive();
        builder.Services.AddRegulator();
        builder.AddJackpots();
        builder.Services.AddPlayers();
        builder.Services.AddQuarantine();
        builder.Services.AddContributions();
        builder.Services.AddVoids();
        builder.Services.AddRefunds();
        builder.Services.AddSingleton<OverdueWatch>().AddHostedService(services => services.GetRequiredService<OverdueWatch>());
        builder.AddOwnership();
        builder.Services.AddRejected();
        builder.Services.AddSingleton<BetStream>();
        builder.Services.AddCanaries(services => [BetStream.WaitingTopic(services.GetRequiredService<ShardOptions>()), .. DeadLetters.Subscribed]);
        builder.Services.AddParking();
        builder.Services.AddOutbox();
        builder.Services.AddPayouts();
        builder.Services.AddHeldPayouts();
        builder.Services.AddReconciliation();
        builder.Services.AddExternalTriggers();
        builder.Services.AddDisclosure();
        builder.Services.AddSingleton<AuditSeals>().AddSingleton<AuditStore, SidecarAuditStore>();
        builder.Services.AddSingleton<AuditSealer>().AddHostedService(services => services.GetRequiredService<AuditSealer>());
        builder.Services.AddSingleton<AuditEndpoints>().AddSingleton<AuditLogEndpoints>().AddSingleton<JackpotRecordEndpoints>().AddSingleton<ReplayEndpoints>();
        builder.Services.AddChanges();
        builder.Services.AddLifecycle();
        builder.Services.AddTemplates();
        builder.Services.AddBalancing();
        builder.Services.AddReports();

        builder.Services.ConfigureHttpJsonOptions(json => json.SerializerOptions.PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower);
        builder.Services.AddOpenApi();
    }

    public static void MapShard(this WebApplication app)
    {
        app.UseRequestGate();
        app.UseLongReads();
        app.MapHealth();
        app.MapMetrics();
        app.MapOpenApi();
        app.MapActorsHandlers().RequireSidecarToken();
        app.MapSubscribeHandler().RequireSidecarToken();
        ContributionEndpoints.Map(app);
        VoidEndpoints.Map(app);
        RefundEndpoints.Map(app);
        BatchEndpoint.Map(app);
        app.MapExternalTriggers();
        CandidateEndpoints.Map(app);
        BetStream.Map(app);
        app.MapRejected();
        app.MapPlayers();
        QuarantineEndpoints.Map(app);
        ParkedRowEndpoints.Map(app);
        ReadEndpoints.Map(app);
        AwardEndpoints.Map(app);
        RulesEndpoints.Map(app);
        AdminEndpoints.Map(app);
        AuditEndpoints.Map(app);
        JackpotRecordEndpoints.Map(app);
        ArchiveSchedule.Map(app);
        ReplayEndpoints.Map(app);
        AuditLogEndpoints.Map(app);
        ChangeEndpoints.Map(app);
        StatusEndpoints.Map(app);
        TransferEndpoints.Map(app);
        HeldPayoutEndpoints.Map(app);
        WalletCreditEndpoints.Map(app);
        ReconciliationJob.Map(app);
        TemplateEndpoints.Map(app);
        app.MapBalancing();
        ReportEndpoints.Map(app);
    }
}
