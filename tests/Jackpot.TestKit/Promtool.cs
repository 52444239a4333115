using System.Diagnostics;
using Xunit;

namespace Jackpot.TestKit;

/// <summary>Prometheus's own judge of what a service shows to it.</summary>
public static class Promtool
{
    const string Program = "/usr/bin/promtool";

    /// <summary>Fails with what <c>promtool check metrics</c> says about this text; skips, with the reason, where promtool is not installed.</summary>
    public static Task AcceptsAsync(string metrics, CancellationToken cancellation) => RunAsync(["check", "metrics"], metrics, cancellation);

    /// <summary>Fails with what <c>promtool test rules</c> says about this file of cases; skips, with the reason, where promtool is not installed.</summary>
    public static Task PassesAsync(string file, CancellationToken cancellation) => RunAsync(["test", "rules", file], "", cancellation);

    static async Task RunAsync(string[] arguments, string input, CancellationToken cancellation)
    {
        Assert.SkipUnless(File.Exists(Program), "promtool is not installed: apt-get install prometheus");
        using var promtool = Process.Start(new ProcessStartInfo(Program, arguments)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        var said = Task.WhenAll(promtool.StandardOutput.ReadToEndAsync(cancellation), promtool.StandardError.ReadToEndAsync(cancellation));
        await promtool.StandardInput.WriteAsync(input.AsMemory(), cancellation);
        promtool.StandardInput.Close();
        await promtool.WaitForExitAsync(cancellation);
        Assert.True(promtool.ExitCode == 0, $"promtool ended with {promtool.ExitCode}: {string.Concat(await said)}\n{input}");
    }
}
