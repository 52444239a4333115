using System.Diagnostics;
using Jackpot.LocalProcesses.Programs;

namespace Jackpot.Cli.Testing;

/// <summary>`jackpot test`: its own set-up, one build, every test project, then one line that says it all.</summary>
static class TestCommand
{
    internal static async Task<int> RunAsync(string[] args, CancellationToken stop)
    {
        var options = TestOptions.Parse(args);
        var root = RepositoryRoot.Find();
        var projects = TestProject.Find(root, options.Configuration, options.Filter);
        var engineIsOurs = projects.Any(project => project.AsksForContainers) && TestEngine.MayBeStarted;
        await TestSetup.PrepareAsync(engineIsOurs ? [.. NeededProgram.OfTests, NeededProgram.DockerEngine] : NeededProgram.OfTests, options.Install, stop);
        await using var engine = engineIsOurs && NeededProgram.DockerEngine.IsThere() ? TestEngine.Start(root) : null;
        if (options.Build)
        {
            Console.WriteLine($"Building ({options.Configuration}) ...");
            await BuildAsync(root, options.Configuration, stop);
        }
        if (engine is not null)
        {
            await engine.OfferAsync(stop);
        }
        if (projects.Find(project => !File.Exists(project.Dll)) is { } missing)
        {
            throw new CommandException($"{missing.Dll} is not built. Run ./jackpot test without --no-build.");
        }
        var run = new TestRun(projects, options);
        await run.RunAsync(stop);
        run.Summarise();
        return run.Failed > 0 || run.Passed + run.Skipped == 0 ? ExitCodes.Failed : ExitCodes.Done;
    }

    static async Task BuildAsync(string root, string configuration, CancellationToken stop)
    {
        var start = new ProcessStartInfo("dotnet", ["build", Path.Combine(root, "Jackpot.Dapr.sln"), "-c", configuration, "-v", "quiet", "--nologo"])
        {
            RedirectStandardOutput = true, RedirectStandardError = true,
        };
        using var process = Process.Start(start)!;
        using var kill = stop.Register(() => process.Kill(entireProcessTree: true));
        var output = process.StandardOutput.ReadToEndAsync(CancellationToken.None);
        var errors = process.StandardError.ReadToEndAsync(CancellationToken.None);
        await process.WaitForExitAsync(CancellationToken.None);
        stop.ThrowIfCancellationRequested();
        if (process.ExitCode != 0)
        {
            throw new CommandException($"the build failed:\n{await output}{await errors}");
        }
    }
}
