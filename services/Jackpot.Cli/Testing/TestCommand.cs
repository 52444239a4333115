using System.Diagnostics;
using System.Text.RegularExpressions;

namespace Jackpot.Cli.Testing;

/// <summary>`jackpot test`: one build, then every test project after the other, then one line that says it all.</summary>
/// <remarks>One at a time, because they start whole clusters and two cores are what they may count on.</remarks>
static partial class TestCommand
{
    /// <summary>A project that takes longer hangs; it is ended and counts as failed.</summary>
    static readonly TimeSpan ProjectTimeMax = TimeSpan.FromMinutes(12);

    [GeneratedRegex(@"Failed:\s+(?<failed>\d+), Passed:\s+(?<passed>\d+), Skipped:\s+(?<skipped>\d+)")]
    private static partial Regex Summary { get; }

    internal static async Task<int> RunAsync(string[] args, CancellationToken stop)
    {
        var arguments = Arguments.Parse(args, ["--filter", "--configuration"], ["--no-build"]);
        var root = RepositoryRoot.Find();
        var configuration = arguments.Text("--configuration") ?? "Release";
        if (!arguments.Has("--no-build"))
        {
            Console.WriteLine($"Building ({configuration}) ...");
            await RequireBuildAsync(root, configuration, stop);
        }
        var total = (Passed: 0, Failed: 0, Skipped: 0);
        foreach (var project in Projects(root, arguments.Text("--filter")))
        {
            var result = await RunProjectAsync(project, configuration, stop);
            total = (total.Passed + result.Passed, total.Failed + result.Failed, total.Skipped + result.Skipped);
        }
        Console.WriteLine($"{total.Passed} passed, {total.Failed} failed, {total.Skipped} skipped");
        return total.Failed > 0 || total.Passed == 0 ? ExitCodes.Failed : ExitCodes.Done;
    }

    static IEnumerable<string> Projects(string root, string? filter) =>
        Directory.GetFiles(Path.Combine(root, "tests"), "*.Tests.csproj", SearchOption.AllDirectories)
            .Where(project => filter is null || Path.GetFileName(project).Contains(filter, StringComparison.OrdinalIgnoreCase))
            .Order(StringComparer.Ordinal);

    static async Task RequireBuildAsync(string root, string configuration, CancellationToken stop)
    {
        var (exitCode, output) = await DotnetAsync(["build", Path.Combine(root, "Jackpot.Dapr.sln"), "-c", configuration, "-v", "quiet", "--nologo"], stop);
        stop.ThrowIfCancellationRequested();
        if (exitCode != 0)
        {
            throw new CommandException($"the build failed:\n{output}");
        }
    }

    /// <summary>A test program that dies without a summary counts as one failure, so that a crash cannot look like success.</summary>
    static async Task<(int Passed, int Failed, int Skipped)> RunProjectAsync(string project, string configuration, CancellationToken stop)
    {
        var name = Path.GetFileNameWithoutExtension(project);
        var clock = Stopwatch.StartNew();
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(stop);
        limit.CancelAfter(ProjectTimeMax);
        var (exitCode, output) = await DotnetAsync(["test", project, "-c", configuration, "--no-build", "--nologo"], limit.Token);
        stop.ThrowIfCancellationRequested();
        var summary = Summary.Match(output);
        var none = output.Contains("No test is available", StringComparison.Ordinal);
        var result = summary.Success
            ? (Passed: Count(summary, "passed"), Failed: Count(summary, "failed"), Skipped: Count(summary, "skipped"))
            : (Passed: 0, Failed: exitCode == 0 || none ? 0 : 1, Skipped: 0);
        if (result.Failed == 0 && exitCode != 0 && !none)
        {
            result.Failed = 1;
        }
        Console.WriteLine($"  {name,-32} {result.Passed,5} passed {result.Failed,4} failed {result.Skipped,4} skipped {clock.Elapsed.TotalSeconds,7:0.0} s");
        if (result.Failed > 0)
        {
            Console.WriteLine(output);
        }
        return result;
    }

    static int Count(Match summary, string group) => int.Parse(summary.Groups[group].Value);

    static async Task<(int ExitCode, string Output)> DotnetAsync(string[] arguments, CancellationToken stop)
    {
        using var process = Process.Start(new ProcessStartInfo("dotnet", arguments) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        using var kill = stop.Register(() => process.Kill(entireProcessTree: true));
        var output = process.StandardOutput.ReadToEndAsync(CancellationToken.None);
        var errors = process.StandardError.ReadToEndAsync(CancellationToken.None);
        await process.WaitForExitAsync(CancellationToken.None);
        return (process.ExitCode, await output + await errors);
    }
}
