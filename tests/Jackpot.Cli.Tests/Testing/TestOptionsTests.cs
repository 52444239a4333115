using Jackpot.Cli.Testing;

namespace Jackpot.Cli.Tests.Testing;

public sealed class TestOptionsTests
{
    [Fact]
    public void By_default_everything_is_installed_built_and_run_small() =>
        Assert.Equal(new TestOptions(null, "Release", Build: true, Install: true, Long: false), TestOptions.Parse([]));

    [Fact]
    public void The_options_say_otherwise() => Assert.Equal(
        new TestOptions("Core", "Debug", Build: false, Install: false, Long: true),
        TestOptions.Parse(["--filter", "Core", "--configuration", "Debug", "--no-build", "--no-install", "--long"]));

    [Theory]
    [InlineData("--filter")]
    [InlineData("--long")]
    [InlineData("--no-install")]
    [InlineData("--no-build")]
    [InlineData("--configuration")]
    [InlineData("ten slowest")]
    [InlineData("N passed, N failed, N skipped")]
    public void The_help_names_it(string what) => Assert.Contains(what, TestOptions.Help, StringComparison.Ordinal);

    [Fact]
    public void A_release_run_is_given_hours() => Assert.True(TestOptions.Parse(["--long"]).IdleTimeMax > TestOptions.Parse([]).IdleTimeMax);
}
