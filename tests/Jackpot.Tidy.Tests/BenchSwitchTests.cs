
namespace Jackpot.Tidy.Tests;

/// <summary>What the benchmark may switch off is named by the benchmark alone: no region, component, service list or script sets the variable.</summary>
public sealed class BenchSwitchTests
{
    // In two parts, so that this file does not find itself.
    const string Variable = "JACKPOT_" + "BENCH";
    static readonly string[] Patterns = ["*.cs", "*.json", "*.yaml", "*.sh", "*.props", "*.csproj", "jackpot"];
    static readonly string[] Named = ["services/Jackpot.Bench/Bed/TestBed.cs", "services/Jackpot.Ledger/Jackpots/BenchSwitches.cs"];

    [Fact]
    public void Only_the_benchmark_sets_the_variable_that_switches_need() => Assert.Equal(Named, Patterns.SelectMany(pattern => SourceTree.Files(pattern))
        .Where(file => File.ReadAllText(file).Contains(Variable, StringComparison.Ordinal)).Select(SourceTree.Relative).Order(StringComparer.Ordinal));
}
