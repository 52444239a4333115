using Dapr.Workflow;
using Jackpot.Shard.Payouts.Community;
using Jackpot.Shard.Payouts.Held;
using Jackpot.Shard.Payouts.Watchdog;

namespace Jackpot.Shard.Payouts;

internal static class PayoutRegistration
{
    public static void AddPayouts(this IServiceCollection services)
    {
        services.AddSingleton<PayoutStore>().AddSingleton<PayoutStarter>().AddSingleton<AwardSharing>().AddSingleton<PayoutChecks>();
        services.AddHttpClient<WalletClient>(http => http.MaxResponseContentBufferSize = WalletClient.AnswerBytesMax);
        services.AddSingleton<AwardPayouts>().AddHostedService(provider => provider.GetRequiredService<AwardPayouts>());
        services.AddHostedService<PayoutSweeper>();
        services.AddSingleton<PayoutQueue>().AddSingleton<PoolReturn>().AddSingleton<HeldPayoutHandler>().AddSingleton<HeldPayoutEndpoints>();
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
}
