namespace Jackpot.Shard.Calls;

internal static class CallRegistration
{
    public static void AddCalls(this IServiceCollection services) =>
        services.AddSingleton<CalledDrops>().AddSingleton<TriggerEndpoints>().AddSingleton<DrawEndpoints>();

    public static void MapCalls(this IEndpointRouteBuilder routes)
    {
        TriggerEndpoints.Map(routes);
        DrawEndpoints.Map(routes);
    }
}
