using System.Globalization;
using System.Text.Json;
using Jackpot.Dapr.Workflows.Protocol;

namespace Jackpot.Dapr.Tests.Workflows;

/// <summary>A thousand programs made by chance, run in peace and run with workers that are killed and reports that are lost.</summary>
public sealed class ReplayChaosTests(ITestOutputHelper output)
{
    const int ProgramsMax = 1000;
    const int KillsMax = 60;

    [Fact]
    public async Task Killed_workers_and_lost_reports_change_neither_results_nor_effects()
    {
        var seed = int.TryParse(Environment.GetEnvironmentVariable("REPLAY_SEED"), out var given) ? given : Random.Shared.Next();
        output.WriteLine($"seed {seed} (set REPLAY_SEED to repeat)");

        var (calmResults, calm, _) = await RunAsync(seed, kills: false);
        var (wildResults, wild, killed) = await RunAsync(seed, kills: true);

        output.WriteLine($"{calmResults.Count} programs, {calm.Effects().Count} effects, {killed} kills, {wild.Executions} executions against {calm.Executions} in peace");
        Assert.Equal(calmResults, wildResults);
        Assert.Equal(calm.Effects(), wild.Effects());
        Assert.All(wild.Effects(), effect => Assert.Equal(1, effect.Value));
        Assert.True(killed >= 20, $"only {killed} kills");
        Assert.True(wild.Executions > calm.Executions, "no activity ran twice, so the kills hit nothing");
    }

    static async Task<(List<string> Results, GeneratedProgramRunner Runner, int Killed)> RunAsync(int seed, bool kills)
    {
        var random = new Random(seed);
        var runner = new GeneratedProgramRunner();
        await using var engine = await StubEngine.StartAsync();
        var luck = new Random(seed + 1);
        engine.LosesCompletion = () =>
        {
            lock (luck)
            {
                return kills && luck.Next(60) == 0;
            }
        };
        var all = Task.WhenAll(Enumerable.Range(0, ProgramsMax).Select(i => Start(engine, $"p{i}", GeneratedProgram.Generate(random))));
        var killed = 0;
        var deadline = DateTime.UtcNow.AddMinutes(1);
        var worker = await WorkerHost.StartAsync(engine, runner.Configure);
        while (!all.IsCompleted)
        {
            Assert.True(DateTime.UtcNow < deadline, $"The programs did not end; {killed} kills so far.");
            await Task.WhenAny(all, Task.Delay(kills ? luck.Next(40, 160) : 1000, TestContext.Current.CancellationToken));
            if (kills && killed < KillsMax && !all.IsCompleted)
            {
                await worker.DisposeAsync();
                killed++;
                worker = await WorkerHost.StartAsync(engine, runner.Configure);
            }
        }

        await worker.DisposeAsync();
        return ([.. await all], runner, killed);
    }

    static async Task<string> Start(StubEngine engine, string id, GeneratedProgram program)
    {
        var events = Enumerable.Range(0, program.Rounds)
            .SelectMany(round => program.EventNames().Select(name => ReplayKit.Raised(name, round.ToString(CultureInfo.InvariantCulture))));
        var ended = await engine.Start(id, "Program", JsonSerializer.Serialize(program, JsonSerializerOptions.Web), [.. events]);
        return $"{id} {ended.End!.WorkflowStatus} {(ended.End.WorkflowStatus == OrchestrationStatus.Failed ? ended.End.FailureDetails.ErrorMessage : ended.End.Result)}";
    }
}
