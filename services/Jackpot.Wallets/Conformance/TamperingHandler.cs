using System.Net;

namespace Jackpot.Wallets.Conformance;

/// <summary>What is done to one request on its way: its answer is not waited for, its body is exchanged, or it is sent twice as it is.</summary>
enum Tampering
{
    None,
    HangUp,
    ChangeBody,
    SendTwice,
}

/// <summary>Sends requests as the wallet's clients do, except for what the next one is to suffer.</summary>
sealed class TamperingHandler() : DelegatingHandler(new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false, ConnectTimeout = TimeSpan.FromSeconds(5) })
{
    public Tampering Next { get; set; }

    /// <summary>Set once the request was sent to its end.</summary>
    public bool WasSent { get; private set; }

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var (tampering, _) = (Next, Next = Tampering.None);
        switch (tampering)
        {
            case Tampering.HangUp:
                return await HangUpAsync(request, cancellationToken);
            case Tampering.ChangeBody:
                var body = await request.Content!.ReadAsStringAsync(cancellationToken);
                request.Content = new StringContent(body.Replace("12", "13", StringComparison.Ordinal), System.Text.Encoding.UTF8, "application/json");
                break;
            case Tampering.SendTwice:
                using (var copy = new HttpRequestMessage(request.Method, request.RequestUri) { Content = new ByteArrayContent(await request.Content!.ReadAsByteArrayAsync(cancellationToken)) })
                {
                    copy.Content.Headers.ContentType = request.Content.Headers.ContentType;
                    foreach (var header in request.Headers)
                    {
                        copy.Headers.TryAddWithoutValidation(header.Key, header.Value);
                    }

                    (await base.SendAsync(copy, cancellationToken)).Dispose();
                }

                break;
        }

        return await base.SendAsync(request, cancellationToken);
    }

    /// <summary>As a client that dies, or whose time is up, the moment after it sent the last byte.</summary>
    async Task<HttpResponseMessage> HangUpAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        using var hangUp = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var content = await request.Content!.ReadAsByteArrayAsync(cancellationToken);
        var type = request.Content.Headers.ContentType;
        WasSent = false;
        request.Content = new LastByteContent(content, () =>
        {
            WasSent = true;
            hangUp.CancelAfter(TimeSpan.FromMilliseconds(1));
        });
        request.Content.Headers.ContentType = type;
        try
        {
            (await base.SendAsync(request, hangUp.Token)).Dispose();
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
        }

        throw new HttpRequestException(HttpRequestError.ResponseEnded, "the answer was not waited for");
    }

    sealed class LastByteContent(byte[] content, Action sent) : HttpContent
    {
        protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context)
        {
            await stream.WriteAsync(content);
            await stream.FlushAsync();
            sent();
        }

        protected override bool TryComputeLength(out long length)
        {
            length = content.Length;
            return true;
        }
    }
}
