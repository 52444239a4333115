using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Jackpot.Dapr.Client;

/// <summary>Registers the client.</summary>
public static class DaprClientRegistration
{
    /// <summary>
    /// Registers <see cref="DaprClient"/> and <see cref="DaprSidecarOptions"/>, read from the configuration (which holds the environment) and
    /// changed by <paramref name="configure"/>. May be called repeatedly; the first registration of the options counts.
    /// </summary>
    public static IServiceCollection AddDaprClient(this IServiceCollection services, Func<DaprSidecarOptions, DaprSidecarOptions>? configure = null)
    {
        services.TryAddSingleton(provider =>
        {
            var configuration = provider.GetService<IConfiguration>();
            var options = DaprSidecarOptions.FromEnvironment(name => configuration?[name] ?? Environment.GetEnvironmentVariable(name));
            return configure is null ? options : configure(options);
        });
        services.TryAddSingleton<SidecarHttp>();
        services.TryAddSingleton(provider => new DaprClient(provider.GetRequiredService<SidecarHttp>(), ownsSidecar: false));
        return services;
    }
}
