namespace Jackpot.Shard.Changes;

internal static class ChangeRegistration
{
    public static void AddChanges(this IServiceCollection services)
    {
        services.AddSingleton<EffectTeller>().AddSingleton<ChangeDesk>().AddSingleton<ChangeEndpoints>();
        services.AddHostedService<TermsWatch>();
    }
}
