namespace Jackpot.Shard.Changes;

internal static class ChangeRegistration
{
    public static void AddChanges(this IServiceCollection services)
    {
        services.AddSingleton<EffectNotifier>().AddSingleton<ChangeHandler>().AddSingleton<ChangeEndpoints>();
        services.AddHostedService<TermsWatch>();
    }
}
