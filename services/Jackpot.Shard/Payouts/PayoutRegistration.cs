using Dapr.Workflow;
using Jackpot.Shard.Payouts.Community;

namespace Jackpot.Shard.Payouts;

internal static class PayoutRegistration
{
    public static void AddPayouts(this IServiceCollection services)
    {
        services.AddSingleton<PayoutStore>().AddSingleton<PayoutStarter>().AddSingleton<AwardSharing>();
        services.AddHttpClient<WalletClient>(http => http.MaxResponseContentBufferSize = WalletClient.AnswerBytesMax);
        services.AddSingleton<AwardPayouts>().AddHostedService(provider => provider.GetRequiredService<AwardPayouts>());
        services.AddHostedService<PayoutSweeper>();
        services.AddDaprWorkflow(options =>
        {
            options.RegisterWorkflow<PayoutWorkflow>();
            options.RegisterActivity<CreditWinner>();
            options.RegisterWorkflow<ShareWorkflow>();
            options.RegisterActivity<ShareAward>();
        });
    }
}
