using Jackpot.Cli.Rejected;
using Jackpot.Cli.Tests.Cluster;

namespace Jackpot.Cli.Tests.Rejected;

public sealed class RejectedCommandTests
{
    const string Message = """{"id":7,"state":"retried","topic":"bets","reason":"pool-unknown","detail":"d","event_id":"e","received_at":"2026-01-01T00:00:00Z","seen":1,"seen_last_at":"2026-01-01T00:00:00Z","body_bytes":1,"mended":false,"attempts":1}""";

    static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_list_is_asked_for_page_by_page_until_the_last()
    {
        using var shard = new FakeShard();
        var asked = shard.AnswerAsync(("200 OK", $$"""{"rejected":[{{Message}}],"next":7}"""), ("200 OK", """{"rejected":[]}"""));

        Assert.Equal(0, await RejectedCommand.RunAsync(["list", "--tenant", "a&b", "--shard-url", shard.Url], Ct));

        Assert.Equal(["GET /v1/admin/rejected?state=waiting&tenant=a%26b&after=0 HTTP/1.1", "GET /v1/admin/rejected?state=waiting&tenant=a%26b&after=7 HTTP/1.1"], (await asked).Select(request => request.Line));
    }

    [Fact]
    public async Task A_retry_says_who_and_why_and_carries_the_mended_body()
    {
        using var shard = new FakeShard();
        var body = Path.GetTempFileName();
        try
        {
            await File.WriteAllTextAsync(body, """{"a": 1}""", Ct);
            var asked = shard.AnswerAsync(("200 OK", Message));

            Assert.Equal(0, await RejectedCommand.RunAsync(["retry", "7", "--person", "anna", "--why", "mended", "--body", body, "--shard-url", shard.Url], Ct));

            var request = Assert.Single(await asked);
            Assert.Equal("POST /v1/admin/rejected/7/retry HTTP/1.1", request.Line);
            Assert.Contains("X-Person: anna", request.Headers, StringComparison.Ordinal);
            Assert.Contains("\"why\":\"mended\"", request.Body, StringComparison.Ordinal);
            Assert.Contains("\"body\":{\"a\":1}", request.Body, StringComparison.Ordinal);
        }
        finally
        {
            File.Delete(body);
        }
    }

    [Fact]
    public async Task A_retry_that_is_refused_again_fails_in_the_shards_words()
    {
        using var shard = new FakeShard();
        var asked = shard.AnswerAsync(("422 Unprocessable Entity", """{"detail":"pool-unknown: no such pool"}"""));
        var failure = await Assert.ThrowsAsync<CommandException>(() => RejectedCommand.RunAsync(["retry", "7", "--person", "anna", "--why", "x", "--shard-url", shard.Url], Ct));
        Assert.Contains("422: pool-unknown: no such pool", failure.Message, StringComparison.Ordinal);
        Assert.Equal(1, failure.ExitCode);
        await asked;
    }

    [Theory]
    [InlineData()]
    [InlineData("look")]
    [InlineData("show")]
    [InlineData("show", "seven", "--person", "anna", "--shard-url", "http://127.0.0.1:1")]
    [InlineData("show", "7", "--shard-url", "http://127.0.0.1:1")]
    [InlineData("drop", "7", "--person", "anna", "--shard-url", "http://127.0.0.1:1")]
    [InlineData("drop", "7", "--person", "anna", "--why", "x", "--body", "-", "--shard-url", "http://127.0.0.1:1")]
    [InlineData("list", "--shard-url", "eu-mt-1")]
    public async Task Wrong_usage_is_refused(params string[] args) =>
        Assert.Equal(2, (await Assert.ThrowsAsync<CommandException>(() => RejectedCommand.RunAsync(args, Ct))).ExitCode);
}
