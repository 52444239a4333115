using System.Net;
using System.Net.Sockets;
using System.Text;
using Jackpot.Cli.Rejected;

namespace Jackpot.Cli.Tests.Rejected;

public sealed class RejectedCommandTests
{
    const string Message = """{"id":7,"state":"retried","topic":"bets","reason":"pool-unknown","detail":"d","event_id":"e","received_at":"2026-01-01T00:00:00Z","seen":1,"seen_last_at":"2026-01-01T00:00:00Z","body_bytes":1,"mended":false,"attempts":1}""";

    static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_list_is_asked_for_page_by_page_until_the_last()
    {
        using var shard = Shard();
        var asked = AnswerAsync(shard, ("200 OK", $$"""{"rejected":[{{Message}}],"next":7}"""), ("200 OK", """{"rejected":[]}"""));

        Assert.Equal(0, await RejectedCommand.RunAsync(["list", "--tenant", "a&b", "--shard-url", Url(shard)], Ct));

        Assert.Equal(["GET /v1/admin/rejected?state=waiting&tenant=a%26b&after=0 HTTP/1.1", "GET /v1/admin/rejected?state=waiting&tenant=a%26b&after=7 HTTP/1.1"], (await asked).Select(request => request.Line));
    }

    [Fact]
    public async Task A_retry_says_who_and_why_and_carries_the_mended_body()
    {
        using var shard = Shard();
        var body = Path.GetTempFileName();
        try
        {
            await File.WriteAllTextAsync(body, """{"a": 1}""", Ct);
            var asked = AnswerAsync(shard, ("200 OK", Message));

            Assert.Equal(0, await RejectedCommand.RunAsync(["retry", "7", "--person", "anna", "--why", "mended", "--body", body, "--shard-url", Url(shard)], Ct));

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
        using var shard = Shard();
        var asked = AnswerAsync(shard, ("422 Unprocessable Entity", """{"detail":"pool-unknown: no such pool"}"""));
        var failure = await Assert.ThrowsAsync<CommandException>(() => RejectedCommand.RunAsync(["retry", "7", "--person", "anna", "--why", "x", "--shard-url", Url(shard)], Ct));
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

    static TcpListener Shard()
    {
        var shard = new TcpListener(IPAddress.Loopback, 0);
        shard.Start();
        return shard;
    }

    static string Url(TcpListener shard) => $"http://{shard.LocalEndpoint}";

    static async Task<List<(string Line, string Headers, string Body)>> AnswerAsync(TcpListener shard, params (string Status, string Body)[] answers)
    {
        var asked = new List<(string, string, string)>();
        foreach (var (status, body) in answers)
        {
            using var client = await shard.AcceptTcpClientAsync(Ct);
            asked.Add(await ReadAsync(client.GetStream()));
            await client.GetStream().WriteAsync(Encoding.UTF8.GetBytes(
                $"HTTP/1.1 {status}\r\nContent-Type: application/json\r\nContent-Length: {Encoding.UTF8.GetByteCount(body)}\r\nConnection: close\r\n\r\n{body}"), Ct);
        }

        return asked;
    }

    static async Task<(string, string, string)> ReadAsync(NetworkStream stream)
    {
        var (buffer, text) = (new byte[4096], "");
        while (!IsWhole(text))
        {
            var read = await stream.ReadAsync(buffer, Ct);
            text += Encoding.UTF8.GetString(buffer, 0, read);
        }

        var end = text.IndexOf("\r\n\r\n", StringComparison.Ordinal);
        return (text[..text.IndexOf('\r', StringComparison.Ordinal)], text[..end], text[(end + 4)..]);
    }

    static bool IsWhole(string text) => text.IndexOf("\r\n\r\n", StringComparison.Ordinal) is var end and > 0
        && (text.StartsWith("GET", StringComparison.Ordinal)
            || (text.Contains("chunked", StringComparison.OrdinalIgnoreCase) ? text.EndsWith("0\r\n\r\n", StringComparison.Ordinal) : text.Length - end - 4 >= Length(text)));

    static int Length(string text) => text.Split("\r\n").Where(line => line.StartsWith("Content-Length: ", StringComparison.OrdinalIgnoreCase))
        .Select(line => int.Parse(line.Split(' ')[1], System.Globalization.CultureInfo.InvariantCulture)).Single();
}
