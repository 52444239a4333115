using System.Net;
using Jackpot.Cli.Supervision;

namespace Jackpot.Cli.Tests.Supervision;

public sealed class ReadinessNotesTests
{
    [Theory]
    [InlineData(HttpStatusCode.OK, "ready", "")]
    [InlineData(HttpStatusCode.OK, "ready\ntopic 'bets' has delivered nothing\nthe sidecar is away", "topic 'bets' has delivered nothing|the sidecar is away")]
    [InlineData(HttpStatusCode.ServiceUnavailable, "the database does not answer", "the database does not answer")]
    public async Task What_a_service_cannot_do_is_told_line_by_line(HttpStatusCode status, string body, string notes)
    {
        using var http = new HttpClient(new Answer(status, body));
        Assert.Equal(notes, string.Join('|', await ReadinessNotes.OfAsync(http, "http://service.example/")));
    }

    [Fact]
    public async Task A_service_that_does_not_answer_is_told_as_well()
    {
        using var http = new HttpClient(new Answer(default, null));
        Assert.StartsWith("gives no answer", Assert.Single(await ReadinessNotes.OfAsync(http, "http://service.example")), StringComparison.Ordinal);
    }

    sealed class Answer(HttpStatusCode status, string? body) : HttpMessageHandler
    {
        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            Assert.Equal("/readyz", request.RequestUri!.AbsolutePath);
            return body is null ? throw new HttpRequestException("refused") : Task.FromResult(new HttpResponseMessage(status) { Content = new StringContent(body) });
        }
    }
}
