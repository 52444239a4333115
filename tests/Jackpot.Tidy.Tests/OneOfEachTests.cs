using System.Text.RegularExpressions;

namespace Jackpot.Tidy.Tests;

/// <summary>What a service needs once is written once.</summary>
public sealed partial class OneOfEachTests
{
    static readonly string[] Services = ["services/Jackpot.Ledger", "services/Jackpot.Regulator", "services/Jackpot.Shard"];

    [GeneratedRegex(@":\s*BackgroundService\b|\bPeriodicTimer\b|\bIHostedLifecycleService\b")]
    private static partial Regex Loop { get; }

    [GeneratedRegex(@"pg_(try_)?advisory_lock(_shared)?\(")]
    private static partial Regex SessionLock { get; }

    [GeneratedRegex(@"""region\.json""")]
    private static partial Regex RegionFile { get; }

    static IEnumerable<string> FilesWith(Regex text, params string[] folders) =>
        folders.SelectMany(folder => SourceTree.Files("*.cs", folder)).Where(file => text.IsMatch(File.ReadAllText(file))).Select(SourceTree.Relative);

    [Fact]
    public void All_that_is_done_again_and_again_is_done_by_one_loop() =>
        Assert.Equal(["services/Jackpot.Ledger/Loops/HostedLoop.cs"], FilesWith(Loop, Services));

    /// <summary>A lock of a session outlives its transaction, and a pool its user; those of a transaction may be taken anywhere.</summary>
    [Fact]
    public void Replicas_agree_on_a_leader_in_one_way() =>
        Assert.Equal(["services/Jackpot.Ledger/Leadership/LeaderElection.cs"], FilesWith(SessionLock, Services));

    [Fact]
    public void Region_files_are_read_in_one_place() =>
        Assert.Equal(["services/Jackpot.Contracts/Regions/RegionFile.cs"], FilesWith(RegionFile, "services", "gateway"));
}
