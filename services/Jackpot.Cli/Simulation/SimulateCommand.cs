namespace Jackpot.Cli.Simulation;

/// <summary>`jackpot simulate`: what a jackpot's terms mean in the long run, before anybody plays it.</summary>
static class SimulateCommand
{
    internal static async Task<int> RunAsync(string[] args, CancellationToken stop)
    {
        var options = SimulateOptions.Parse(args);
        var config = JackpotFile.Read(options.File);
        var (reports, duration) = await new ParallelRuns(config, options).PlayAsync(stop);
        var sheet = new JackpotSheet(config, options, reports);
        await Console.Out.WriteAsync(options.Form switch
        {
            ReportForm.Json => DataReport.Json(sheet),
            ReportForm.Csv => DataReport.Csv(sheet),
            _ => TextReport.Of(sheet),
        });
        await Console.Error.WriteLineAsync(FormattableString.Invariant(
            $"simulated {options.Bets / duration.TotalSeconds:N0} bets a second on {Environment.ProcessorCount} cores; --seed {options.Seed} repeats it"));
        return ExitCodes.Done;
    }
}
