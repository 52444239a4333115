using DotNet.Testcontainers.Builders;
using DotNet.Testcontainers.Configurations;
using DotNet.Testcontainers.Containers;
using DotNet.Testcontainers.Images;

namespace Jackpot.TestKit.Servers;

/// <summary>What all containers of tests have in common.</summary>
static class ServerContainer
{
    /// <summary>A start that takes longer hangs; it includes a pull where one is allowed.</summary>
    static readonly TimeSpan StartTimeMax = TimeSpan.FromMinutes(3);

    const string ApiVersionVariable = "DOCKER_API_VERSION";
    static readonly Version ApiVersionOfTestcontainers = new(1, 44);

    /// <summary>Tells Testcontainers how to deal with an engine; before any of its types is used, for it reads some of that once.</summary>
    internal static async Task PrepareAsync(ServerSource source)
    {
        await SpeakAsync(new ContainerEngine(source.Engine!));
        // Testcontainers' reaper is an image as well, and nothing is pulled unasked.
        TestcontainersSettings.ResourceReaperEnabled &= source.MayPull;
        if (source.Engine == ContainerEngine.Started?.Address)
        {
            // That engine publishes ports on loopback only, where Testcontainers would not look when it runs in a container itself.
            TestcontainersSettings.DockerHostOverride = "127.0.0.1";
        }
    }

    /// <summary>Starts the container that a builder describes, on the engine that was chosen and on no other.</summary>
    internal static async Task<TContainer> StartAsync<TBuilder, TContainer, TConfiguration>(ContainerBuilder<TBuilder, TContainer, TConfiguration> builder, ServerSource source)
        where TBuilder : ContainerBuilder<TBuilder, TContainer, TConfiguration>
        where TContainer : IContainer
        where TConfiguration : IContainerConfiguration
    {
        var container = builder.WithDockerEndpoint(source.Engine!).WithImagePullPolicy(source.MayPull ? PullPolicy.Missing : PullPolicy.Never).Build();
        using var limit = new CancellationTokenSource(StartTimeMax);
        try
        {
            await container.StartAsync(limit.Token);
            return container;
        }
        catch
        {
            await container.DisposeAsync();
            throw;
        }
    }

    /// <summary>Testcontainers speaks its own version of Docker's API unless told, and an older engine, Debian's for example, refuses that. It reads the variable once.</summary>
    static async Task SpeakAsync(ContainerEngine engine)
    {
        if (Environment.GetEnvironmentVariable(ApiVersionVariable) is null && await engine.ApiVersionAsync() is { } spoken && spoken < ApiVersionOfTestcontainers)
        {
            Environment.SetEnvironmentVariable(ApiVersionVariable, $"{spoken}");
        }
    }
}
