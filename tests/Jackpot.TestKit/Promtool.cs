using System.Diagnostics;
using Xunit;

namespace Jackpot.TestKit;

/// <summary>Prometheus's own judge of what a service shows to it.</summary>
public static class Promtool
{
    const string Program = "/usr/bin/promtool";

    /// <summary>Fails with what <c>promtool check metrics</c> says about this text; skips, with the reason, where promtool is not installed.</summary>
    public static async Task AcceptsAsync(string metrics, CancellationToken cancellation)
    {
        Assert.SkipUnless(File.Exists(Program), "promtool is not installed: apt-get install prometheus");
        using var promtool = Process.Start(new ProcessStartInfo(Program, ["check", "metrics"])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        var said = Task.WhenAll(promtool.StandardOutput.ReadToEndAsync(cancellation), promtool.StandardError.ReadToEndAsync(cancellation));
        await promtool.StandardInput.WriteAsync(metrics.AsMemory(), cancellation);
        promtool.StandardInput.Close();
        await promtool.WaitForExitAsync(cancellation);
        Assert.True(promtool.ExitCode == 0, $"promtool ended with {promtool.ExitCode}: {string.Concat(await said)}\n{metrics}");
    }
}
