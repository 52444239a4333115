namespace Jackpot.Cli.Tests;

public sealed class ArgumentsTests
{
    [Fact]
    public void A_value_may_follow_or_be_joined_by_an_equals_sign()
    {
        Assert.Equal(7, Parse("--rate", "7").Number("--rate", 1, 9));
        Assert.Equal(7, Parse("--rate=7").Number("--rate", 1, 9));
        Assert.True(Parse("--quick").Has("--quick"));
    }

    [Theory]
    [InlineData("--unknown")]
    [InlineData("--rate")]
    [InlineData("stray")]
    public void What_is_not_known_or_not_complete_is_wrong_usage(params string[] args) =>
        Assert.Equal(ExitCodes.Usage, Assert.Throws<CommandException>(() => Parse(args)).ExitCode);

    [Theory]
    [InlineData("0")]
    [InlineData("10")]
    [InlineData("-1")]
    [InlineData("1.5")]
    [InlineData("many")]
    public void A_number_outside_its_limits_is_wrong_usage(string value) =>
        Assert.Throws<CommandException>(() => Parse("--rate", value).Number("--rate", 1, 9));

    static Arguments Parse(params string[] args) => Arguments.Parse(args, ["--rate"], ["--quick"]);
}
