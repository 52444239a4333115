namespace Jackpot.Shard.Disclosure;

internal static class DisclosureRegistration
{
    public static void AddDisclosure(this IServiceCollection services) => services.AddSingleton<RulesReader>().AddSingleton<RulesEndpoints>();
}
