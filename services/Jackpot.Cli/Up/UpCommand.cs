using Jackpot.Cli.Cluster;
using Jackpot.Cli.Down;
using Jackpot.Cli.Postgres;
using Jackpot.Cli.Supervision;
using Jackpot.LocalProcesses;

namespace Jackpot.Cli.Up;

/// <summary>`jackpot up`: from a clone to a running cluster, or one clear line and nothing left running.</summary>
static class UpCommand
{
    internal static async Task<int> RunAsync(string[] args, CancellationToken stop)
    {
        var (options, arguments) = ClusterOptions.Parse(args);
        var run = RunFolder.At(options.RunDirectory);
        if (ClusterState.Read(run.StateFile) is { } earlier)
        {
            if (earlier.Supervisor.IsAlive)
            {
                Console.WriteLine("The cluster is running already. ./jackpot status shows it, ./jackpot down stops it.");
                Farewell.Print(earlier.Urls);
                return ExitCodes.Done;
            }
            await ClusterStop.StopAsync(run, earlier);
        }

        var steps = StepView.Create();
        var plan = await PrepareAsync(options, arguments, steps, stop);
        var started = false;
        try
        {
            await steps.RunAsync("Starting the cluster", async report =>
            {
                BackgroundSupervisor.Start(run);
                started = true;
                await new Readiness(run, plan).WaitAsync(report, stop);
            });
            await steps.RunAsync("Creating the demo jackpots", report => new DemoJackpots(options.Root, plan).CreateAsync(report, stop));
            Farewell.Print(plan.Urls);
            return ExitCodes.Done;
        }
        catch when (started)
        {
            await ClusterStop.StopAsync(run, ClusterState.Read(run.StateFile));
            throw;
        }
    }

    static async Task<ClusterPlan> PrepareAsync(ClusterOptions options, Arguments arguments, StepView steps, CancellationToken stop)
    {
        var run = RunFolder.Prepare(options.RunDirectory);
        ClusterPlan? plan = null;
        await steps.RunAsync("Finding PostgreSQL", async report =>
        {
            if (options.Sidecar == SidecarKind.Daprd)
            {
                SidecarPlan.RequireBinaries();
            }
            var tye = TyeFile.Read(Path.Combine(options.Root, "tye.yaml"));
            var places = PlacesOf(options, tye).Select(place => new PlaceFolder(run, place)).ToList();
            var binaries = await PostgresInstallation.FindOrInstallAsync(places.Select(PostgresData.Version).FirstOrDefault(version => version is not null), report, stop);
            report($"PostgreSQL {binaries.MajorVersion} in {binaries.Directory}");
            var dataDirectories = new Dictionary<PlaceFolder, string>();
            foreach (var place in places)
            {
                dataDirectories[place.Prepare()] = await PostgresData.PrepareAsync(place, stop);
            }
            plan = ClusterPlanner.Plan(options, tye, run, binaries.Directory, dataDirectories) with { ParentPid = arguments.Number("--parent-pid", 2, int.MaxValue) };
        });
        if (!arguments.Has("--no-build"))
        {
            await steps.RunAsync($"Building ({options.Configuration})", _ => Build.RunAsync(options, run, stop));
        }
        await steps.RunAsync("Checking ports and programs", _ =>
        {
            Preflight.Check(plan!);
            return Task.CompletedTask;
        });
        await steps.RunAsync("Preparing the databases", async report =>
        {
            foreach (var postgres in plan!.Postgres)
            {
                report(postgres.DataDirectory);
            }
            await Task.WhenAll(plan.Postgres.Select(postgres => ClusterPostgres.InitialiseAsync(postgres, stop)));
        });
        RunFolder.WritePrivate(run.PlanFile, System.Text.Json.JsonSerializer.Serialize(plan!, ClusterPlanJson.Default.ClusterPlan));
        File.Delete(run.StateFile);
        return plan!;
    }

    static IEnumerable<string> PlacesOf(ClusterOptions options, TyeFile tye) => options.Region is { } region && (region == ClusterOptions.BetweenRegions || !tye.Places.Contains(region))
        ? throw new CommandException($"--region is '{region}'; the regions are {string.Join(", ", tye.Places.Where(place => place != ClusterOptions.BetweenRegions))}.", ExitCodes.Usage)
        : tye.Places.Where(options.Includes);
}
