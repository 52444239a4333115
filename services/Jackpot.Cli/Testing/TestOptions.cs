namespace Jackpot.Cli.Testing;

/// <summary>The options of `jackpot test`.</summary>
sealed record TestOptions(string? Filter, string Configuration, bool Build, bool Install, bool Long)
{
    /// <summary>Read by the tests' own counts: see Long.Count in Jackpot.TestKit.</summary>
    internal const string LongVariable = "JACKPOT_TEST_LONG";

    internal const string Help = """
        usage: ./jackpot test [options]

        Builds, runs every test, and ends with "N passed, N failed, N skipped".

        What the tests start (PostgreSQL, RabbitMQ, Redis) is looked for first and installed from the distribution's packages when that is
        allowed: as root or with sudo that asks for no password, where there is apt-get. What stays missing is named at the start; the
        tests that need it are skipped with that reason and are no failure.

        Some tests prove servers from containers. Root has a Docker engine started for them (unless DOCKER_HOST names one or one runs),
        with images made from the distribution; the first time that takes about two minutes. JACKPOT_TEST_SERVERS=containers takes all
        shared servers from containers, =programs none: see docs/testing.md.

        While it runs: the projects under way, tests done, failures at once with their message, time so far. At the end: why tests were
        skipped, and the ten slowest. A test program that crashes, or in which no test starts or ends for 8 minutes (4 hours with --long),
        counts as a failure.

              --filter NAME         only projects whose name contains NAME, for example Gateway
              --long                proofs of release size: millions of events, thousands of seeds; takes hours. Without it the same
                                    tests run small
              --no-install          install nothing
              --configuration C     Release (default) or Debug
              --no-build            run what was built before

        exit codes: 0 no test failed, 1 a test failed or there was none, 2 wrong usage, 130 interrupted
        """;

    /// <summary>A program in which no test starts or ends for longer hangs; it is ended and counts as failed.</summary>
    internal TimeSpan IdleTimeMax => Long ? TimeSpan.FromHours(4) : TimeSpan.FromMinutes(8);

    internal static TestOptions Parse(string[] args)
    {
        var arguments = Arguments.Parse(args, ["--filter", "--configuration"], ["--no-build", "--no-install", "--long"]);
        return new TestOptions(
            arguments.Text("--filter"), arguments.Text("--configuration") ?? "Release", !arguments.Has("--no-build"), !arguments.Has("--no-install"), arguments.Has("--long"));
    }
}
