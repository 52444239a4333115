using Jackpot.Cli.Cluster;

namespace Jackpot.Cli.Traffic;

/// <summary>`jackpot traffic --rate N`: simulated players who bet through the gateways at a fixed rate until they are stopped.</summary>
static class TrafficCommand
{
    const int RateMax = 100_000;
    static readonly TimeSpan Tick = TimeSpan.FromMilliseconds(100);
    static readonly TimeSpan ReportInterval = TimeSpan.FromSeconds(10);

    internal static async Task<int> RunAsync(string[] args, CancellationToken stop)
    {
        var arguments = Arguments.Parse(args, ["--rate", "--run-dir"], []);
        var rate = arguments.Number("--rate", 1, RateMax) ?? throw new CommandException("traffic needs --rate N, bets a second.", ExitCodes.Usage);
        var root = RepositoryRoot.Find();
        var run = RunFolder.At(ClusterOptions.RunDirectoryOf(arguments, root));
        var plan = File.Exists(run.PlanFile) ? ClusterPlanJson.Read(run.PlanFile) : throw new CommandException($"no cluster was ever started in {run.Path}. Run ./jackpot up first.");
        using var players = new SimulatedPlayers(DemoPool.ReadAll(root, plan));

        var owed = 0.0;
        var nextReport = DateTime.UtcNow + ReportInterval;
        using var timer = new PeriodicTimer(Tick);
        try
        {
            while (await timer.WaitForNextTickAsync(stop))
            {
                for (owed += rate * Tick.TotalSeconds; owed >= 1; owed--)
                {
                    players.Bet(stop);
                }
                if (DateTime.UtcNow >= nextReport)
                {
                    nextReport += ReportInterval;
                    await Console.Out.WriteLineAsync(players.Report());
                }
            }
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            await Console.Out.WriteLineAsync(players.Report());
        }
        return ExitCodes.Done;
    }
}
