namespace Jackpot.Shard.ExternalTriggers;

internal static class ExternalTriggerRegistration
{
    public static void AddExternalTriggers(this IServiceCollection services) =>
        services.AddSingleton<ExternalDrops>().AddSingleton<TriggerEndpoints>().AddSingleton<DrawEndpoints>();

    public static void MapExternalTriggers(this IEndpointRouteBuilder routes)
    {
        TriggerEndpoints.Map(routes);
        DrawEndpoints.Map(routes);
    }
}
