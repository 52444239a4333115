using Jackpot.Dapr.Client;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Jackpot.Dapr.Actors;

/// <summary>Registers actors and their callers.</summary>
public static class ActorRegistration
{
    /// <summary>
    /// Registers this app's actors and <see cref="IActorProxyFactory"/>. Call it without <paramref name="configure"/> in an app that only
    /// calls actors of others.
    /// </summary>
    public static IServiceCollection AddActors(this IServiceCollection services, Action<ActorRuntimeOptions>? configure = null) =>
        services.AddActors((_, options) => configure?.Invoke(options));

    /// <summary>As above, for registrations that depend on configuration.</summary>
    public static IServiceCollection AddActors(this IServiceCollection services, Action<IServiceProvider, ActorRuntimeOptions> configure)
    {
        services.AddDaprClient();
        services.TryAddSingleton(provider =>
        {
            var options = new ActorRuntimeOptions();
            configure(provider, options);
            return options;
        });
        services.TryAddSingleton<IActorProxyFactory>(provider => new ActorProxyFactory(
            provider.GetRequiredService<SidecarHttp>(), provider.GetRequiredService<ActorRuntimeOptions>().JsonSerializerOptions));
        services.TryAddSingleton<ActorRuntime>();
        return services;
    }
}
