namespace Jackpot.Shard.Reconciliation;

internal static class ReconciliationRegistration
{
    public static void AddReconciliation(this IServiceCollection services)
    {
        services.AddSingleton<WalletCredits>().AddSingleton<WalletCreditEndpoints>().AddSingleton<WalletReconciliation>().AddSingleton<ReconciliationJob>();
        services.AddHostedService(provider => provider.GetRequiredService<ReconciliationJob>());
    }
}
