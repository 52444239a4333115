using Dapr.Client;
using Dapr.Workflow;
using Jackpot.Ledger.Settings;
using Jackpot.Shard.Payouts.Community;
using Jackpot.Shard.Payouts.Watchdog;
using Jackpot.Shard.Regions;
using Jackpot.Shard.Sidecar;

namespace Jackpot.Shard.Payouts;

internal static class PayoutRegistration
{
    public static void AddPayouts(this IServiceCollection services)
    {
        services.AddSingleton<PayoutStore>().AddSingleton<PayoutStarter>().AddSingleton<AwardSharing>().AddSingleton<PayoutChecks>().AddSingleton<PayoutSteps>().AddSingleton<BatchCredits>();
        services.AddSingleton<WalletClient>().AddSingleton(WalletsOf);
        services.AddSingleton<AwardPayouts>().AddHostedService(provider => provider.GetRequiredService<AwardPayouts>());
        services.AddHostedService<PayoutSweeper>();
        services.AddSingleton<WorkflowEngine>().AddSingleton<EngineWatchdog>().AddHostedService(provider => provider.GetRequiredService<EngineWatchdog>());
        services.AddDaprWorkflow(options =>
        {
            options.RegisterWorkflow<HeartbeatWorkflow>();
            options.RegisterWorkflow<PayoutWorkflow>();
            options.RegisterActivity<CreditWinner>();
            options.RegisterWorkflow<ShareWorkflow>();
            options.RegisterActivity<ShareAward>();
        });
    }

    static OperatorWallets WalletsOf(IServiceProvider services)
    {
        var dapr = services.GetRequiredService<DaprClient>();
        return new OperatorWallets(
            services.GetRequiredService<TenantDirectory>(), services.GetRequiredService<ShardOptions>(), services.GetRequiredService<IConfiguration>()["JACKPOT_WALLET_URL"],
            async (name, ct) => (await dapr.GetSecretAsync(SealingKey.SecretStore, name, cancellationToken: ct))[name], services.GetRequiredService<TimeProvider>());
    }
}
