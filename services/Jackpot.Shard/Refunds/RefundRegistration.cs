namespace Jackpot.Shard.Refunds;

internal static class RefundRegistration
{
    public static void AddRefunds(this IServiceCollection services)
    {
        services.AddSingleton<RefundStore>().AddSingleton<RefundRun>().AddSingleton<RefundEndpoints>();
        services.AddHostedService<RefundLoop>();
    }
}
