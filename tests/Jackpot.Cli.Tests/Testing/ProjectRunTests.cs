using Jackpot.Cli.Testing;

namespace Jackpot.Cli.Tests.Testing;

/// <summary>What a test program says, and what it fails to say, is counted.</summary>
public sealed class ProjectRunTests
{
    const string Discovered = """{"$type":"discovery-complete","TestCasesToRun":3}""";
    const string Finished = """{"$type":"test-assembly-finished","TestsFailed":0}""";

    readonly ProjectRun _run = new("Some.Tests");

    [Fact]
    public void Passed_failed_and_skipped_tests_are_counted_with_their_names_reasons_and_times()
    {
        var failures = Take(
            Discovered, Starting("a"), """{"$type":"test-passed","TestUniqueID":"a","ExecutionTime":1.5}""", """{"$type":"test-case-finished"}""",
            Starting("b"), """{"$type":"test-skipped","TestUniqueID":"b","ExecutionTime":0,"Reason":"no server"}""",
            Starting("c"), """{"$type":"test-failed","TestUniqueID":"c","ExecutionTime":0.1,"Messages":["2 is not 3"],"StackTraces":["at C"],"Output":"seed 7\n"}""",
            Finished);

        Assert.Equal((3, 1, 1, 1), (_run.Cases, _run.CasesDone, _run.Passed, _run.Failed));
        Assert.Equal(new TestFailure("Test c", "2 is not 3\nat C\nOutput:\nseed 7"), Assert.Single(failures));
        Assert.Equal(("no server", "Test b"), Assert.Single(_run.Skips));
        Assert.Equal((TimeSpan.FromSeconds(1.5), "Test a"), _run.Durations.Max());
        Assert.Null(_run.Ends(exitCode: 1, idle: null));
    }

    [Fact]
    public void A_program_that_crashes_is_a_failure_that_tells_what_ran_and_what_it_said()
    {
        Take(Discovered, Starting("a"), "Process terminated.", """{"$type":"test-pass""");

        var failure = _run.Ends(exitCode: 134, idle: null);

        Assert.Equal(1, _run.Failed);
        Assert.Equal("The test program ended with 134 before its last test.\nThen running: Test a\nProcess terminated.\n{\"$type\":\"test-pass", failure?.Text);
    }

    [Theory]
    [InlineData(0, 0)]
    [InlineData(1, 1)]
    public void An_exit_code_without_a_failed_test_is_a_failure(int exitCode, int failed)
    {
        Take(Discovered, Finished);
        Assert.Equal(failed, _run.Ends(exitCode, idle: null) is null ? 0 : 1);
        Assert.Equal(failed, _run.Failed);
    }

    [Fact]
    public void A_program_that_hangs_is_a_failure_even_when_its_tests_had_ended()
    {
        Take(Discovered, Finished);
        Assert.Contains("started and ended no test for 8 minutes", _run.Ends(exitCode: 137, TimeSpan.FromMinutes(8))?.Text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("test-class-cleanup-failure")]
    [InlineData("test-collection-cleanup-failure")]
    [InlineData("test-assembly-cleanup-failure")]
    [InlineData("error")]
    public void What_breaks_beside_the_tests_is_a_failure(string type)
    {
        var failure = Assert.Single(Take($$"""{"$type":"{{type}}","Messages":["the server did not stop"],"StackTraces":[null]}"""));
        Assert.Equal(("the server did not stop", 1), (failure.Text, _run.Failed));
    }

    static string Starting(string id) => $$"""{"$type":"test-starting","TestUniqueID":"{{id}}","TestDisplayName":"Test {{id}}"}""";

    List<TestFailure> Take(params string[] lines) => [.. lines.Select(_run.Take).OfType<TestFailure>()];
}
