using System.Net.Http.Headers;
using System.Threading.RateLimiting;
using Jackpot.Wallets.Signing;
using Polly;
using Polly.CircuitBreaker;
using Polly.RateLimiting;

namespace Jackpot.Wallets.Exchanges;

/// <summary>
/// HTTP to one operator's wallet, with its own connections, bulkhead and circuit breaker, so that a slow or broken wallet holds up nobody else's calls.
/// Nothing is sent twice: no retry, no redirect, and whoever gets no answer asks by id.
/// </summary>
internal sealed class WalletConnection : IDisposable
{
    /// <summary>A longer answer is not read; most have a few hundred bytes.</summary>
    public const int AnswerBytesMax = 64 * 1024;

    readonly HttpClient _http;
    readonly Uri _base;
    readonly TimeProvider _clock;
    readonly Func<CancellationToken, ValueTask<SigningKey?>> _key;
    readonly bool _answersAreSigned;
    readonly ResiliencePipeline<Exchange> _pipeline;

    public WalletConnection(
        Uri baseUrl, ConnectionLimits limits, Func<CancellationToken, ValueTask<SigningKey?>> key, bool answersAreSigned, TimeProvider clock, HttpMessageHandler? handler = null)
    {
        (_base, _key, _answersAreSigned, _clock) = (baseUrl, key, answersAreSigned, clock);
        _http = new HttpClient(handler ?? NewHandler(limits), disposeHandler: handler is null)
        {
            Timeout = Timeout.InfiniteTimeSpan, MaxResponseContentBufferSize = AnswerBytesMax,
        };
        _pipeline = new ResiliencePipelineBuilder<Exchange> { TimeProvider = clock }
            .AddConcurrencyLimiter(limits.AtOnceMax, limits.WaitingMax)
            .AddCircuitBreaker(new CircuitBreakerStrategyOptions<Exchange>
            {
                FailureRatio = limits.FailuresPercent / 100d,
                SamplingDuration = limits.Window,
                MinimumThroughput = limits.LeastCalls,
                BreakDuration = limits.Pause,
                ShouldHandle = new PredicateBuilder<Exchange>().HandleResult(exchange => exchange is Exchange.Lost or Exchange.Answered { Status: 429 or >= 500 }),
            })
            .Build();
    }

    static SocketsHttpHandler NewHandler(ConnectionLimits limits) => new()
    {
        AllowAutoRedirect = false,
        UseCookies = false,
        MaxConnectionsPerServer = limits.AtOnceMax,
        PooledConnectionLifetime = TimeSpan.FromMinutes(2),
        ConnectTimeout = TimeSpan.FromSeconds(5),
    };

    /// <summary>Sends it once. The time-out is that of the wallet; waiting for a free place may take as long again.</summary>
    public async Task<Exchange> SendAsync(WalletRequest request, CancellationToken ct)
    {
        using var patience = new CancellationTokenSource(request.Timeout, _clock);
        using var place = CancellationTokenSource.CreateLinkedTokenSource(ct, patience.Token);
        var sent = false;
        try
        {
            return await _pipeline.ExecuteAsync(
                async _ =>
                {
                    sent = true;
                    return await SendNowAsync(request, ct);
                },
                place.Token);
        }
        catch (BrokenCircuitException)
        {
            return new Exchange.Lost("not sent: the wallet has failed too often just now and is left alone for a while", MayHaveArrived: false);
        }
        catch (RateLimiterRejectedException)
        {
            return new Exchange.Lost("not sent: too many calls wait for this wallet", MayHaveArrived: false);
        }
        catch (OperationCanceledException) when (!sent && !ct.IsCancellationRequested)
        {
            return new Exchange.Lost("not sent: this wallet's calls take so long that no place came free", MayHaveArrived: false);
        }
    }

    async Task<Exchange> SendNowAsync(WalletRequest request, CancellationToken ct)
    {
        using var deadline = new CancellationTokenSource(request.Timeout, _clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(ct, deadline.Token);
        try
        {
            using var message = NewMessage(request);
            var key = await _key(either.Token);
            var signature = key is null ? null : Sign(message, request.Body, key);
            using var response = await _http.SendAsync(message, either.Token);
            var body = await response.Content.ReadAsByteArrayAsync(either.Token);
            return _answersAreSigned && Against(response, body, key, signature) is { } fault
                ? new Exchange.Lost($"the answer is not signed by the wallet: {fault}", MayHaveArrived: true) { IsStrange = true }
                : new Exchange.Answered((int)response.StatusCode, body);
        }
        catch (HttpRequestException e)
        {
            var never = e.HttpRequestError is HttpRequestError.NameResolutionError or HttpRequestError.ConnectionError or HttpRequestError.SecureConnectionError or HttpRequestError.ProxyTunnelError;
            return new Exchange.Lost(Told(e.HttpRequestError), !never) { IsStrange = e.HttpRequestError is HttpRequestError.ConfigurationLimitExceeded or HttpRequestError.InvalidResponse };
        }
        catch (IOException e)
        {
            return new Exchange.Lost(e.GetType().Name, MayHaveArrived: true);
        }
        catch (OperationCanceledException) when (!ct.IsCancellationRequested)
        {
            return new Exchange.Lost(string.Create(System.Globalization.CultureInfo.InvariantCulture, $"no answer within {request.Timeout.TotalSeconds:0.###} s"), MayHaveArrived: true);
        }
    }

    HttpRequestMessage NewMessage(WalletRequest request)
    {
        // As it was filled in: Uri's own joining drops the path of the base, and its cleaning lets an id of two dots climb out of its place.
        var target = new Uri(_base.AbsoluteUri.TrimEnd('/') + request.Path, new UriCreationOptions { DangerousDisablePathAndQueryCanonicalization = true });
        var message = new HttpRequestMessage(request.Method, target);
        if (request.Body is { } body)
        {
            message.Content = new ByteArrayContent(body) { Headers = { ContentType = new MediaTypeHeaderValue("application/json") } };
        }

        foreach (var (name, value) in request.Headers)
        {
            message.Headers.TryAddWithoutValidation(name, value);
        }

        return message;
    }

    string Sign(HttpRequestMessage message, byte[]? body, SigningKey key)
    {
        var headers = HttpSignature.Sign(SignedMessage.Request(message.Method.Method, message.RequestUri!.AbsoluteUri, body), key, _clock.GetUtcNow());
        message.Headers.TryAddWithoutValidation(SignatureHeaders.DigestName, headers.ContentDigest);
        message.Headers.TryAddWithoutValidation(SignatureHeaders.InputName, headers.SignatureInput);
        message.Headers.TryAddWithoutValidation(SignatureHeaders.SignatureName, headers.Signature);
        return headers.Signature;
    }

    SignatureFault? Against(HttpResponseMessage response, byte[] body, SigningKey? key, string? signature) => key is null || signature is null
        ? SignatureFault.UnknownKey
        : HttpSignature.Verify(
            SignedMessage.Answer((int)response.StatusCode, body, signature),
            new SignatureHeaders(One(response, SignatureHeaders.DigestName), One(response, SignatureHeaders.InputName), One(response, SignatureHeaders.SignatureName)),
            new Dictionary<string, SigningKey> { [key.Id] = key }, _clock.GetUtcNow(), seen: null);

    static string One(HttpResponseMessage response, string name) =>
        response.Headers.NonValidated.TryGetValues(name, out var values) && values.Count == 1 ? values.ToString() : "";

    /// <summary>For people.</summary>
    static string Told(HttpRequestError error) => error switch
    {
        HttpRequestError.NameResolutionError => "the wallet's name leads nowhere",
        HttpRequestError.ConnectionError => "no connection to the wallet could be made",
        HttpRequestError.SecureConnectionError => "no secure connection to the wallet could be made",
        HttpRequestError.ResponseEnded => "the connection broke before the answer had come",
        HttpRequestError.InvalidResponse => "the answer is no HTTP",
        HttpRequestError.ConfigurationLimitExceeded => "the answer is longer than is read",
        _ => $"the call failed ({error})",
    };

    public void Dispose() => _http.Dispose();
}
