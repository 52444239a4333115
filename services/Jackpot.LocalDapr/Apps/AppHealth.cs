using Jackpot.LocalDapr.Sidecars;

namespace Jackpot.LocalDapr.Apps;

/// <summary>Probes the app: unhealthy until the first good probe, unhealthy again after the threshold of bad ones in a row.</summary>
/// <param name="sidecar">How to probe.</param>
/// <param name="app">Whom to probe.</param>
/// <param name="changed">Told of every change; false = the app could not be brought up after all, and the next good probe tries again.</param>
sealed class AppHealth(SidecarOptions sidecar, AppChannel app, Func<bool, Task<bool>> changed)
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
                app.IsHealthy &= await changed(healthy);
            }
        }
        while (await pulse.WaitForNextTickAsync(cancellation));
    }
}
