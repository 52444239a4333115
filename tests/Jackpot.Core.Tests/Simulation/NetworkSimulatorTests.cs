using System.Globalization;
using Jackpot.Core.Simulation;
using Jackpot.Core.Simulation.Network;
using Jackpot.TestKit;

namespace Jackpot.Core.Tests.Simulation;

/// <summary>A run is repeated with <c>./jackpot simulate network --seed N</c>, where N is the seed that a failure names.</summary>
public sealed class NetworkSimulatorTests
{
    const int EachEventMin = 100;
    const int FindingSeedsMax = 500;

    static readonly int Seeds = Long.Count(10_000, 200_000);

    [Fact]
    public void Whatever_goes_wrong_on_the_way_each_entry_counts_once_each_cycle_has_one_winner_and_no_micro_unit_is_missing()
    {
        var events = new long[Enum.GetValues<NetworkEvent>().Length];
        for (var seed = 0; seed < Seeds; seed++)
        {
            var report = Run(NetworkDefect.None, seed);
            Assert.True(report.Violations.IsEmpty, $"seed {seed}: {string.Join("; ", report.Violations)}");
            for (var i = 0; i < events.Length; i++)
            {
                events[i] += report.Events[i];
            }
        }

        var told = string.Join(", ", Enum.GetValues<NetworkEvent>().Select(what => $"{what} {events[(int)what].ToString(CultureInfo.InvariantCulture)}"));
        TestContext.Current.TestOutputHelper?.WriteLine(told);
        Assert.All(Enum.GetValues<NetworkEvent>().Where(what => what != NetworkEvent.FeederSuspended), what => Assert.True(events[(int)what] >= EachEventMin, told));
        Assert.Equal(0, events[(int)NetworkEvent.FeederSuspended]);
    }

    [Theory]
    [InlineData(NetworkDefect.AcknowledgeBeforeCommit, "has not recorded each answered bet")]
    [InlineData(NetworkDefect.MergeByAddition, "has not counted exactly the entries")]
    [InlineData(NetworkDefect.AwardResolvedAtHome, "the award of")]
    [InlineData(NetworkDefect.RestoreWithoutEpoch, "do not agree")]
    [InlineData(NetworkDefect.StateWithoutVersion, "in one cycle")]
    public void A_defect_is_found_and_named(NetworkDefect defect, string symptom)
    {
        var reports = Enumerable.Range(0, FindingSeedsMax).Select(seed => Run(defect, seed)).Where(report => !report.Violations.IsEmpty).ToArray();
        Assert.Contains(reports, report => report.Violations.Any(what => what.Contains(symptom, StringComparison.Ordinal)));
    }

    [Fact]
    public void The_same_seed_gives_the_same_run()
    {
        var (one, other) = (Run(NetworkDefect.None, 7), Run(NetworkDefect.None, 7));
        Assert.Equal(one.Events, other.Events);
        Assert.NotEqual(one.Events, Run(NetworkDefect.None, 8).Events);
    }

    static NetworkReport Run(NetworkDefect defect, int seed) => NetworkSimulator.Run(new NetworkPlan(defect), new SeededBits(seed, 0).Next);
}
