using System.Diagnostics;

namespace Jackpot.Cli.Testing;

/// <summary>A project of tests, which is a program that runs them.</summary>
/// <param name="StartsClusters">Whether its tests start the whole local cluster and need the cores for themselves.</param>
/// <param name="AsksForContainers">Whether some of its tests are skipped without a Docker engine.</param>
sealed record TestProject(string Name, string Dll, bool StartsClusters, bool AsksForContainers)
{
    /// <summary>The command builds and starts clusters; whoever has it built to start it does just that.</summary>
    const string Command = "Jackpot.Cli.csproj";

    /// <summary>How a test asks the test kit for a container and for nothing else: ContainerSourceAsync, or a fixture that calls it.</summary>
    static readonly string[] ContainerWords = ["ContainerSourceAsync", "ContainerFixture"];

    static readonly TimeSpan LastWordsTimeMax = TimeSpan.FromSeconds(10);

    internal static List<TestProject> Find(string root, string configuration, string? filter) =>
    [
        .. Directory.GetFiles(Path.Combine(root, "tests"), "*.Tests.csproj", SearchOption.AllDirectories)
            .Where(project => filter is null || Path.GetFileName(project).Contains(filter, StringComparison.OrdinalIgnoreCase))
            .Order(StringComparer.Ordinal).Select(project => Of(project, configuration)),
    ];

    static TestProject Of(string project, string configuration)
    {
        var name = Path.GetFileNameWithoutExtension(project);
        return new TestProject(
            name, Path.Combine(Path.GetDirectoryName(project)!, "bin", configuration, "net10.0", name + ".dll"),
            File.ReadAllText(project).Contains(Command, StringComparison.Ordinal), Sources(project).Any(AsksForOne));
    }

    static IEnumerable<string> Sources(string project) => Directory.EnumerateFiles(Path.GetDirectoryName(project)!, "*.cs", SearchOption.AllDirectories);

    static bool AsksForOne(string file)
    {
        var text = File.ReadAllText(file);
        return ContainerWords.Any(word => text.Contains(word, StringComparison.Ordinal));
    }

    /// <summary>Runs its tests and tells every failure when it happens.</summary>
    internal async Task RunAsync(ProjectRun run, TestOptions options, Action<TestFailure> fail, CancellationToken stop)
    {
        run.Started();
        var start = new ProcessStartInfo("dotnet", [Dll, "-automated", "async", "-noColor", "-noLogo"])
        {
            RedirectStandardOutput = true, RedirectStandardError = true, WorkingDirectory = Path.GetDirectoryName(Dll),
        };
        if (options.Long)
        {
            start.Environment[TestOptions.LongVariable] = "1";
        }
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(stop);
        limit.CancelAfter(options.IdleTimeMax);
        using var process = Process.Start(start)!;
        await using var kill = limit.Token.Register(() => process.Kill(entireProcessTree: true));
        void TakeLine(string line)
        {
            TestFailure? failure;
            lock (run)
            {
                var before = (run.Begun, run.CasesDone);
                failure = run.Take(line);
                if ((run.Begun, run.CasesDone) != before)
                {
                    limit.CancelAfter(options.IdleTimeMax);
                }
            }
            if (failure is not null)
            {
                fail(failure);
            }
        }

        var reading = Task.WhenAll(ReadAsync(process.StandardOutput, TakeLine), ReadAsync(process.StandardError, TakeLine));
        await process.WaitForExitAsync(CancellationToken.None);
        // Whatever a test left running may hold the other end of the pipes open.
        await Task.WhenAny(reading, Task.Delay(LastWordsTimeMax, CancellationToken.None));
        stop.ThrowIfCancellationRequested();
        if (run.Ends(process.ExitCode, limit.IsCancellationRequested ? options.IdleTimeMax : null) is { } failure)
        {
            fail(failure);
        }
    }

    static async Task ReadAsync(StreamReader output, Action<string> take)
    {
        while (await output.ReadLineAsync(CancellationToken.None) is { } line)
        {
            take(line);
        }
    }
}
