using System.Diagnostics;
using Jackpot.Cli.Cluster;
using Jackpot.Cli.Up;

namespace Jackpot.Cli.Bench;

/// <summary>`jackpot bench`: builds, and hands over to the measuring program on a cluster of its own in .run/bench.</summary>
static class BenchCommand
{
    const string Project = "services/Jackpot.Bench/Jackpot.Bench.csproj";
    const string Configuration = "Release";

    internal static async Task<int> RunAsync(string[] args, CancellationToken stop)
    {
        var arguments = Arguments.Parse(args, ["--only", "--configuration", "--results", "--grow-rows"], ["--quick", "--slow-flush", "--grow", "--no-build"]);
        arguments.Number("--grow-rows", 1, int.MaxValue);
        var root = RepositoryRoot.Find();
        var configuration = arguments.Text("--configuration") ?? Configuration;
        var folder = Path.Combine(root, ClusterOptions.DefaultRunFolder, "bench-" + Environment.ProcessId);
        var run = RunFolder.Prepare(folder);
        if (!arguments.Has("--no-build"))
        {
            Console.WriteLine($"Building ({configuration}) ...");
            await Build.RunAsync(new ClusterOptions(root, folder, Configuration: configuration), run, stop, Project);
        }
        var dll = Path.Combine(root, Path.GetDirectoryName(Project)!, "bin", configuration, "net10.0", "Jackpot.Bench.dll");
        try
        {
            return await MeasureAsync(dll, args, arguments.Text("--results") ?? Path.Combine(root, "bench", "results.json"), folder, stop);
        }
        finally
        {
            await DeleteAsync(run);
        }
    }

    static async Task<int> MeasureAsync(string dll, string[] args, string results, string folder, CancellationToken stop)
    {
        using var process = Process.Start(new ProcessStartInfo(
            "dotnet",
            [dll, "--cli", typeof(BenchCommand).Assembly.Location, "--run-dir", folder, "--results", Path.GetFullPath(results), .. args]))
            ?? throw new CommandException($"{dll} could not be started.");
        // An interrupt reaches the measuring program too; its cluster ends with it, because it was started with its process id.
        await process.WaitForExitAsync(CancellationToken.None);
        stop.ThrowIfCancellationRequested();
        return process.ExitCode;
    }

    static async Task DeleteAsync(RunFolder run)
    {
        await Down.ClusterStop.StopAsync(run, Supervision.ClusterState.Read(run.StateFile));
        foreach (var postgres in File.Exists(run.PlanFile) ? ClusterPlanJson.Read(run.PlanFile).Postgres : [])
        {
            if (Directory.Exists(postgres.DataDirectory))
            {
                Directory.Delete(postgres.DataDirectory, recursive: true);
            }
        }
        Directory.Delete(run.Path, recursive: true);
    }
}
