using System.Globalization;
using Jackpot.TestKit;

namespace Jackpot.Dapr.Conformance.Tests;

/// <summary>The program that is run against real Dapr from outside, run against LocalDapr.</summary>
public sealed class LocalDaprConformanceTests(PostgresFixture postgres, ITestOutputHelper output) : IClassFixture<PostgresFixture>
{
    static readonly TimeSpan Patience = TimeSpan.FromMinutes(5);

    [Fact]
    public Task Every_case_passes_with_the_fault_switches_and_messages_in_postgresql() => RunAsync("pubsub.postgresql", "--admin");

    [Fact]
    public Task Messages_behave_the_same_in_memory() => RunAsync("pubsub.in-memory", "--filter", "B.3,B.4");

    [Fact]
    public async Task Wrong_command_line_is_exit_code_2_and_names_the_help()
    {
        await using var program = ChildProcess.StartDotnet(Program, ["--wrong"]);

        Assert.Equal(2, await program.ExitAsync(Patience));
        Assert.Contains("--help", program.Output, StringComparison.Ordinal);
    }

    async Task RunAsync(string pubsubType, params string[] arguments)
    {
        await using var sidecar = await LocalSidecar.StartAsync(postgres, pubsubType);
        var all = arguments.SelectMany(argument => argument == "--admin"
            ? ["--admin-port", sidecar.AdminPort.ToString(CultureInfo.InvariantCulture)]
            : new[] { argument });
        await using var program = ChildProcess.StartDotnet(Program, all, sidecar.Environment);

        var exitCode = await program.ExitAsync(Patience);

        output.WriteLine(program.Output);
        Assert.True(exitCode == 0, $"exit code {exitCode}\n{Failures(program.Output)}\n--- LocalDapr ---\n{sidecar.Output}");
        Assert.Equal(0, await sidecar.StopAsync());
    }

    static string Program => Path.Combine(RepositoryFolder.Root, "tests/Jackpot.Dapr.Conformance/bin", RepositoryFolder.Configuration, "net10.0/jackpot-conformance.dll");

    static string Failures(string printed)
    {
        var lines = printed.Split('\n');
        return string.Join('\n', lines.Where((line, i) => line.StartsWith("FAIL", StringComparison.Ordinal) || (i > 0 && lines[i - 1].StartsWith("FAIL", StringComparison.Ordinal))));
    }
}
