using System.Net;

namespace Jackpot.Gateway.Routing;

/// <summary>
/// Sends a request's head together with the first bytes of its body. YARP flushes the head at once, for protocols that talk while they send;
/// a bet is one small body, and a packet of its own for the head costs the gateway and the shard a system call and a wake-up each.
/// </summary>
sealed class HeadWithBody(HttpMessageHandler inner) : DelegatingHandler(inner)
{
    protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        if (request.Content is { } body)
        {
            request.Content = new UnflushedContent(body);
        }
        return base.SendAsync(request, cancellationToken);
    }

    /// <summary>The same content, whose writer's flushes do nothing: the connection sends what it holds when its buffer is full or the body ends.</summary>
    sealed class UnflushedContent : HttpContent
    {
        readonly HttpContent _body;

        internal UnflushedContent(HttpContent body)
        {
            _body = body;
            foreach (var (name, values) in body.Headers.NonValidated)
            {
                Headers.TryAddWithoutValidation(name, values);
            }
        }

        protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) =>
            SerializeToStreamAsync(stream, context, CancellationToken.None);

        protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context, CancellationToken cancellationToken) =>
            _body.CopyToAsync(new UnflushedStream(stream), context, cancellationToken);

        /// <summary>Not computed: YARP has set the length that the client named, or none.</summary>
        protected override bool TryComputeLength(out long length)
        {
            length = -1;
            return false;
        }

        protected override void Dispose(bool disposing)
        {
            if (disposing)
            {
                _body.Dispose();
            }
            base.Dispose(disposing);
        }
    }

    sealed class UnflushedStream(Stream connection) : Stream
    {
        public override bool CanRead => false;
        public override bool CanSeek => false;
        public override bool CanWrite => true;
        public override long Length => throw new NotSupportedException();

        public override long Position
        {
            get => throw new NotSupportedException();
            set => throw new NotSupportedException();
        }

        public override void Flush()
        {
        }

        public override Task FlushAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public override void Write(byte[] buffer, int offset, int count) => connection.Write(buffer, offset, count);

        public override void Write(ReadOnlySpan<byte> buffer) => connection.Write(buffer);

        public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default) =>
            connection.WriteAsync(buffer, cancellationToken);

        public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
            connection.WriteAsync(buffer, offset, count, cancellationToken);

        public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();
    }
}
