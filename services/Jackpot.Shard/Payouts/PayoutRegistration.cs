using Jackpot.Dapr.Workflows;

namespace Jackpot.Shard.Payouts;

internal static class PayoutRegistration
{
    public static void AddPayouts(this IServiceCollection services)
    {
        services.AddSingleton<PayoutStore>().AddSingleton<PayoutStarter>();
        services.AddHttpClient<WalletClient>();
        services.AddHostedService<PayoutSweeper>();
        services.AddDaprWorkflow(options =>
        {
            options.RegisterWorkflow<PayoutWorkflow>();
            options.RegisterActivity<CreditWinner>();
        });
    }
}
