using System.Net;
using System.Net.Http.Headers;
using System.Text;
using Jackpot.Gateway.Routing;

namespace Jackpot.Gateway.Tests.Routing;

public sealed class HeadWithBodyTests
{
    [Fact]
    public async Task A_head_is_not_sent_before_its_body()
    {
        var connection = new RecordingHandler();
        using var http = new HttpMessageInvoker(new HeadWithBody(connection));
        using var request = new HttpRequestMessage(HttpMethod.Post, "http://shard/v1/jp/contributions") { Content = new FlushingContent("bet") };

        using var _ = await http.SendAsync(request, TestContext.Current.CancellationToken);

        Assert.Equal(["write bet"], connection.Steps);
        Assert.Equal("application/json", connection.Headers!.ContentType!.ToString());
        Assert.Equal(3, connection.Headers.ContentLength);
    }

    [Fact]
    public async Task A_request_without_a_body_gets_none()
    {
        var connection = new RecordingHandler();
        using var http = new HttpMessageInvoker(new HeadWithBody(connection));
        using var request = new HttpRequestMessage(HttpMethod.Get, "http://shard/v1/jp/jackpots");

        using var _ = await http.SendAsync(request, TestContext.Current.CancellationToken);

        Assert.Null(connection.Headers);
    }

    /// <summary>As YARP's: flushes the connection before the first byte of the body.</summary>
    sealed class FlushingContent : HttpContent
    {
        readonly byte[] _body;

        internal FlushingContent(string body)
        {
            _body = Encoding.ASCII.GetBytes(body);
            Headers.ContentType = new MediaTypeHeaderValue("application/json");
            Headers.ContentLength = _body.Length;
        }

        protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context)
        {
            await stream.FlushAsync(TestContext.Current.CancellationToken);
            await stream.WriteAsync(_body, TestContext.Current.CancellationToken);
        }

        protected override bool TryComputeLength(out long length)
        {
            length = -1;
            return false;
        }
    }

    /// <summary>Notes what the connection would have been told.</summary>
    sealed class RecordingHandler : HttpMessageHandler
    {
        internal List<string> Steps { get; } = [];
        internal HttpContentHeaders? Headers { get; private set; }

        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            if (request.Content is { } body)
            {
                Headers = body.Headers;
                await body.CopyToAsync(new RecordingStream(Steps), cancellationToken);
            }
            return new HttpResponseMessage(HttpStatusCode.OK);
        }
    }

    sealed class RecordingStream(List<string> steps) : MemoryStream
    {
        public override Task FlushAsync(CancellationToken cancellationToken)
        {
            steps.Add("flush");
            return Task.CompletedTask;
        }

        public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
        {
            steps.Add($"write {Encoding.ASCII.GetString(buffer.Span)}");
            return ValueTask.CompletedTask;
        }
    }
}
