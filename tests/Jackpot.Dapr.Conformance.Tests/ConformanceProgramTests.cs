using System.Globalization;
using Jackpot.TestKit;

namespace Jackpot.Dapr.Conformance.Tests;

/// <summary>The program as somebody meets it who has nothing else of this repository, and all its cases on LocalDapr.</summary>
public sealed class ConformanceProgramTests(PostgresFixture postgres, ITestOutputHelper output) : IClassFixture<PostgresFixture>
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

    [Fact]
    public async Task Every_case_passes_on_the_local_sidecar()
    {
        await using var sidecar = await LocalSidecar.StartAsync(postgres, "pubsub.postgresql");

        var (exitCode, printed) = await RunAsync(sidecar.Environment, "--admin-port", $"{sidecar.AdminPort}", "--binding", "files", "--parallel", "16");

        output.WriteLine(printed);
        Assert.True(exitCode == 0, $"exit code {exitCode}\n{printed}\n--- LocalDapr ---\n{sidecar.Output}");
    }

    static Task<(int ExitCode, string Printed)> RunAsync(params string[] arguments) => RunAsync([], arguments);

    static async Task<(int ExitCode, string Printed)> RunAsync(Dictionary<string, string?> environment, params string[] arguments)
    {
        var program = Path.Combine(
            RepositoryFolder.Root, string.Create(CultureInfo.InvariantCulture, $"tests/Jackpot.Dapr.Conformance/bin/{RepositoryFolder.Configuration}/net10.0/jackpot-conformance.dll"));
        await using var run = ChildProcess.StartDotnet(program, arguments, environment);
        return (await run.ExitAsync(Patience), run.Output);
    }
}
