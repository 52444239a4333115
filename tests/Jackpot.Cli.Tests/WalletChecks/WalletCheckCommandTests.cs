using System.Text.Json;
using Jackpot.Cli.WalletChecks;
using Jackpot.LocalProcesses;

namespace Jackpot.Cli.Tests.WalletChecks;

public sealed class WalletCheckCommandTests
{
    [Theory]
    [InlineData]
    [InlineData("not-an-address")]
    [InlineData("http://127.0.0.1:1", "--currency", "EURO")]
    [InlineData("http://127.0.0.1:1", "--mapping", "/nowhere.yaml")]
    [InlineData("http://127.0.0.1:1", "--answer-ms", "0")]
    [InlineData("http://127.0.0.1:1", "--colour", "red")]
    public async Task Wrong_usage_is_told_and_nothing_is_called(params string[] args) =>
        Assert.Equal(ExitCodes.Usage, (await Assert.ThrowsAsync<CommandException>(() => WalletCheckCommand.RunAsync(args))).ExitCode);

    [Fact]
    public async Task A_wallet_that_is_not_there_does_not_conform_and_both_reports_say_so()
    {
        var folder = Directory.CreateTempSubdirectory("wallet-check").FullName;
        var (html, json) = (Path.Combine(folder, "r.html"), Path.Combine(folder, "r.json"));

        Assert.Equal(ExitCodes.Failed, await WalletCheckCommand.RunAsync([$"http://127.0.0.1:{FreePort.Next()}", "--html", html, "--json", json]));

        Assert.Contains("does not conform", await File.ReadAllTextAsync(html, TestContext.Current.CancellationToken), StringComparison.Ordinal);
        using var report = JsonDocument.Parse(await File.ReadAllTextAsync(json, TestContext.Current.CancellationToken));
        Assert.False(report.RootElement.GetProperty("conforms").GetBoolean());
        var checks = report.RootElement.GetProperty("checks").EnumerateArray().ToList();
        Assert.Equal("the balance could not be read: no connection to the wallet could be made", checks[0].GetProperty("seen").GetString());
        Assert.All(checks.Skip(1), check => Assert.Equal(("skipped", "the wallet cannot be reached"), (check.GetProperty("verdict").GetString(), check.GetProperty("seen").GetString())));
        Directory.Delete(folder, recursive: true);
    }
}
