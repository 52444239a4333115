using System.Net;
using System.Net.Sockets;
using System.Text;
using Jackpot.Cli.Reports;

namespace Jackpot.Cli.Tests.Reports;

public sealed class ReportCommandTests
{
    static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public void The_address_carries_every_parameter_escaped()
    {
        var arguments = Arguments.Parse(["--from", "2026-01-01", "--player", "a&b", "--format", "csv"], ["--from", "--to", "--player", "--format", "--interval", "--tenant", "--jackpot", "--threshold", "--after"], []);
        Assert.Equal(
            "http://127.0.0.1:5101/v1/audit/reports/player-statement?from=2026-01-01&player=a%26b&format=csv",
            ReportCommand.Address(new Uri("http://127.0.0.1:5101"), "player-statement", arguments).AbsoluteUri);
    }

    [Fact]
    public async Task What_the_shard_answers_is_asked_for_under_its_name_and_ends_well()
    {
        using var shard = new TcpListener(IPAddress.Loopback, 0);
        shard.Start();
        var asked = AnswerOnceAsync(shard, "200 OK", "Report,Activity");

        var exit = await ReportCommand.RunAsync(["activity", "--shard", $"http://{shard.LocalEndpoint}", "--format", "csv"], Ct);

        Assert.Equal(0, exit);
        Assert.StartsWith("GET /v1/audit/reports/activity?format=csv ", await asked, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_refusal_is_told_in_the_shards_words()
    {
        using var shard = new TcpListener(IPAddress.Loopback, 0);
        shard.Start();
        var asked = AnswerOnceAsync(shard, "422 Unprocessable Entity", """{"detail":"name a jackpot"}""");

        var failure = await Assert.ThrowsAsync<CommandException>(() => ReportCommand.RunAsync(["activity", "--shard", $"http://{shard.LocalEndpoint}"], Ct));

        Assert.Contains("422: name a jackpot", failure.Message, StringComparison.Ordinal);
        await asked;
    }

    [Theory]
    [InlineData()]
    [InlineData("--from", "2026-01-01")]
    [InlineData("activity", "--shard", "eu-mt-1")]
    public async Task Wrong_usage_is_refused(params string[] args) =>
        Assert.Equal(2, (await Assert.ThrowsAsync<CommandException>(() => ReportCommand.RunAsync(args, Ct))).ExitCode);

    static async Task<string> AnswerOnceAsync(TcpListener shard, string status, string body)
    {
        using var client = await shard.AcceptTcpClientAsync(Ct);
        var stream = client.GetStream();
        using var reader = new StreamReader(stream, leaveOpen: true);
        var first = await reader.ReadLineAsync(Ct);
        while (await reader.ReadLineAsync(Ct) is { Length: > 0 })
        {
        }

        await stream.WriteAsync(Encoding.ASCII.GetBytes($"HTTP/1.1 {status}\r\nContent-Length: {body.Length}\r\nConnection: close\r\n\r\n{body}"), Ct);
        return first!;
    }
}
