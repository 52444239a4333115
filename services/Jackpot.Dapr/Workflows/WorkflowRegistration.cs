using Jackpot.Dapr.Client;
using Jackpot.Dapr.Workflows.Worker;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Jackpot.Dapr.Workflows;

/// <summary>Registers workflows, their worker and their client.</summary>
public static class WorkflowRegistration
{
    /// <summary>
    /// Registers <see cref="DaprWorkflowClient"/> and, when <paramref name="configure"/> registers a workflow or an activity, the worker that runs
    /// them. The worker connects in the background and comes back by itself when the sidecar was away.
    /// </summary>
    public static IServiceCollection AddDaprWorkflow(this IServiceCollection services, Action<WorkflowRuntimeOptions>? configure = null)
    {
        services.AddDaprClient();
        services.TryAddSingleton(_ =>
        {
            var options = new WorkflowRuntimeOptions();
            configure?.Invoke(options);
            return options;
        });
        services.TryAddSingleton<WorkflowChannel>();
        services.TryAddSingleton<ActivityRunner>();
        services.TryAddSingleton<WorkflowCompletions>();
        services.TryAddSingleton(provider => new DaprWorkflowClient(
            provider.GetRequiredService<WorkflowChannel>(), provider.GetRequiredService<WorkflowRuntimeOptions>()));
        services.AddHostedService<WorkflowWorker>();
        return services;
    }
}
