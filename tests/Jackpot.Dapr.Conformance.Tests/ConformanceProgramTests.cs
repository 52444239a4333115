using System.Globalization;
using Jackpot.TestKit;

namespace Jackpot.Dapr.Conformance.Tests;

/// <summary>The program as somebody meets it who has nothing else of this repository. That its cases pass on LocalDapr is held by LocalDapr's own tests.</summary>
public sealed class ConformanceProgramTests
{
    const int CasesMin = 150;

    static readonly TimeSpan Patience = TimeSpan.FromMinutes(3);

    [Fact]
    public async Task Wrong_command_line_is_exit_code_2_and_names_the_help()
    {
        var (exitCode, printed) = await RunAsync("--wrong", "x");

        Assert.Equal(2, exitCode);
        Assert.Contains("--help", printed, StringComparison.Ordinal);
    }

    [Fact]
    public async Task List_names_at_least_150_different_cases()
    {
        var (exitCode, printed) = await RunAsync("--list");

        var cases = printed.Split('\n').Where(line => line.Contains(": ", StringComparison.Ordinal)).ToList();
        Assert.Equal(0, exitCode);
        Assert.True(cases.Count >= CasesMin, $"{cases.Count} cases");
        Assert.Equal(cases.Count, cases.Distinct().Count());
    }

    [Fact]
    public async Task Help_names_every_parameter_of_the_components()
    {
        var (exitCode, printed) = await RunAsync("--help");

        Assert.Equal(0, exitCode);
        Assert.All(["--dapr-http-port", "--dapr-grpc-port", "--app-port", "--state-store", "--pubsub", "--secret-store"], option => Assert.Contains(option, printed, StringComparison.Ordinal));
    }

    static async Task<(int ExitCode, string Printed)> RunAsync(params string[] arguments)
    {
        var program = Path.Combine(
            RepositoryFolder.Root, string.Create(CultureInfo.InvariantCulture, $"tests/Jackpot.Dapr.Conformance/bin/{RepositoryFolder.Configuration}/net10.0/jackpot-conformance.dll"));
        await using var run = ChildProcess.StartDotnet(program, arguments);
        return (await run.ExitAsync(Patience), run.Output);
    }
}
