namespace Jackpot.Shard.Templates;

internal static class TemplateRegistration
{
    public static void AddTemplates(this IServiceCollection services) =>
        services.AddSingleton<TemplateStore>().AddSingleton<TemplateEndpoints>();
}
