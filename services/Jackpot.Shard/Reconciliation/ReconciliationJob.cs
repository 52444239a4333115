using Jackpot.Ledger.Loops;
using Jackpot.Ledger.Settings;
using Jackpot.ServiceDefaults.Sidecar;
using Jackpot.Shard.Regions;
using Jackpot.Shard.Sidecar;

namespace Jackpot.Shard.Reconciliation;

/// <summary>Has the sidecar run the reconciliation every <see cref="ShardOptions.ReconciliationInterval"/>, where the region's data has it switched on.</summary>
internal sealed partial class ReconciliationJob(
    SidecarJobs jobs, WalletReconciliation reconciliation, TenantDirectory tenants, ShardOptions options, LoopTools tools, ILogger<ReconciliationJob> log)
    : HostedLoop(new LoopPlan("reconciliation-schedule", LookInterval, "the reconciliation job may not be scheduled"), tools)
{
    /// <summary>How often it is made sure that the job is still there: a scheduler may have lost its data.</summary>
    static readonly TimeSpan LookInterval = TimeSpan.FromMinutes(10);

    string Name => "reconcile-" + options.Id;

    public static void Map(IEndpointRouteBuilder routes)
    {
        var job = routes.ServiceProvider.GetRequiredService<ReconciliationJob>();
        routes.MapPost("/job/" + job.Name, async (IHostApplicationLifetime lifetime) =>
        {
            // Not given up when the sidecar stops waiting: thousands of questions take longer than any call should.
            await job.RunAsync(lifetime.ApplicationStopping);
            return Results.Ok();
        }).RequireSidecarToken().ExcludeFromDescription();
    }

    protected override Task PassAsync(CancellationToken ct) =>
        tenants.ReconcilesWallets ? jobs.KeepScheduledAsync(Name, options.ReconciliationInterval, ct) : Task.CompletedTask;

    /// <summary>A job that was scheduled before the switch was turned off does nothing.</summary>
    public async Task RunAsync(CancellationToken ct)
    {
        if (tenants.ReconcilesWallets && await reconciliation.RunAsync(ct) is { } differing)
        {
            LogRan(log, differing);
        }
    }

    [LoggerMessage(EventId = 425, Level = LogLevel.Information, Message = "Wallets were asked about what they have credited; {Differing} payouts differ")]
    static partial void LogRan(ILogger logger, int differing);
}
