using Jackpot.LocalDapr.Sidecars;

namespace Jackpot.LocalDapr.Apps;

/// <summary>Probes the app: unhealthy until the first good probe, unhealthy again after the threshold of bad ones in a row (DAPR.md A.3).</summary>
sealed class AppHealth(SidecarOptions sidecar, AppChannel app, Func<bool, Task> changed)
{
    public async Task RunAsync(CancellationToken cancellation)
    {
        app.IsHealthy = false;
        var failures = 0;
        using var pulse = new PeriodicTimer(TimeSpan.FromSeconds(sidecar.AppHealthProbeIntervalSeconds));
        do
        {
            var good = await app.ProbeAsync(sidecar.AppHealthCheckPath, TimeSpan.FromMilliseconds(sidecar.AppHealthProbeTimeoutMilliseconds), cancellation);
            failures = good ? 0 : failures + 1;
            var healthy = good || (app.IsHealthy && failures < sidecar.AppHealthThreshold);
            if (healthy != app.IsHealthy)
            {
                app.IsHealthy = healthy;
                await changed(healthy);
            }
        }
        while (await pulse.WaitForNextTickAsync(cancellation));
    }
}
