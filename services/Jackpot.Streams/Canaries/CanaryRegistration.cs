using System.Diagnostics.Metrics;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Jackpot.Streams.Canaries;

/// <summary>Puts canaries into a service.</summary>
public static class CanaryRegistration
{
    /// <summary>For the service's telemetry.</summary>
    public const string MeterName = "Jackpot.Streams";

    /// <summary>Watches these topics: <c>/readyz</c> names the silent ones (the service stays ready), and a metric tells how long each has been silent.</summary>
    public static IServiceCollection AddCanaries(this IServiceCollection services, Func<IServiceProvider, IEnumerable<CanaryTopic>> topics)
    {
        services.AddSingleton(provider => new CanaryTopics(topics(provider), provider.GetService<TimeProvider>() ?? TimeProvider.System));
        services.AddSingleton<CanaryGauge>();
        services.AddHostedService(provider =>
        {
            provider.GetRequiredService<CanaryGauge>();
            return ActivatorUtilities.CreateInstance<CanaryLoop>(provider, provider.GetService<TimeProvider>() ?? TimeProvider.System);
        });
        services.AddHealthChecks().AddCheck<CanaryCheck>("subscriptions");
        return services;
    }
}

/// <summary>Names the topics that do not answer. A service that hears nothing of a topic can do all its other work, so it stays ready.</summary>
internal sealed class CanaryCheck(CanaryTopics canaries) : IHealthCheck
{
    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        var silent = canaries.Silent.Select(topic =>
            $"topic '{topic.Topic}' of '{topic.Component}' has delivered nothing to this process for {(int)canaries.SilentFor(topic).TotalSeconds} s, not even its own canary: its subscription does not work").ToList();
        return Task.FromResult(silent.Count == 0 ? HealthCheckResult.Healthy() : HealthCheckResult.Degraded(string.Join('\n', silent)));
    }
}

internal sealed class CanaryGauge : IDisposable
{
    readonly Meter _meter = new(CanaryRegistration.MeterName);

    public CanaryGauge(CanaryTopics canaries) => _meter.CreateObservableGauge(
        "jackpot.subscription.silent", unit: "s", description: "Time since a subscribed topic delivered anything to this process, its own canaries included; alarm above 300",
        observeValues: () => canaries.Topics.Select(topic => new Measurement<double>(canaries.SilentFor(topic).TotalSeconds, new KeyValuePair<string, object?>("topic", topic.Topic))));

    public void Dispose() => _meter.Dispose();
}
