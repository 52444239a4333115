using Jackpot.Cli.Simulation;

namespace Jackpot.Cli.Tests.Simulation;

public sealed class SimulateNetworkTests
{
    [Fact]
    public void Runs_are_told_with_their_seeds_and_with_what_happened()
    {
        var (told, broken) = SimulateNetworkCommand.Simulate(40, 30, TestContext.Current.CancellationToken);
        Assert.Equal(0, broken);
        Assert.StartsWith("30 runs of three shards, seeds 40 to 69: 0 with violations", told, StringComparison.Ordinal);
        Assert.Contains("message lost", told, StringComparison.Ordinal);
        Assert.Contains("award paid", told, StringComparison.Ordinal);
    }

    [Fact]
    public void The_runs_of_a_seed_do_not_depend_on_which_runs_are_beside_them()
    {
        var stop = TestContext.Current.CancellationToken;
        var (one, _) = SimulateNetworkCommand.Simulate(5, 1, stop);
        Assert.Equal(one, SimulateNetworkCommand.Simulate(5, 1, stop).Told);
        Assert.NotEqual(Events(one), Events(SimulateNetworkCommand.Simulate(6, 1, stop).Told));
    }

    static string Events(string told) => told[told.IndexOf('\n', StringComparison.Ordinal)..];

    [Theory]
    [InlineData("--seeds", "0")]
    [InlineData("--seed", "-1")]
    [InlineData("--runs", "5")]
    public async Task Wrong_options_are_named(params string[] args)
    {
        var refused = await Assert.ThrowsAsync<CommandException>(() => SimulateNetworkCommand.RunAsync(args, TestContext.Current.CancellationToken));
        Assert.Equal(ExitCodes.Usage, refused.ExitCode);
        Assert.Contains(args[0], refused.Message, StringComparison.Ordinal);
    }
}
