using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;

namespace Jackpot.Dapr.Client;

/// <summary>
/// The one pooled HTTP client to the sidecar: adds the API token and turns every failure into a <see cref="DaprApiException"/> with its outcome.
/// The caller's own cancellation stays an <see cref="OperationCanceledException"/>.
/// </summary>
internal sealed class SidecarHttp : IDisposable
{
    public const int ErrorBodyBytesMax = 64 * 1024;

    readonly HttpClient _http;

    public SidecarHttp(DaprSidecarOptions options)
    {
        Options = options;
        _http = new HttpClient(NewHandler(options)) { BaseAddress = options.HttpEndpoint, Timeout = options.RequestTimeout };
        if (options.DaprApiToken is { } token)
        {
            _http.DefaultRequestHeaders.TryAddWithoutValidation("dapr-api-token", token);
        }
    }

    public DaprSidecarOptions Options { get; }

    public static SocketsHttpHandler NewHandler(DaprSidecarOptions options) => new()
    {
        UseProxy = false,
        UseCookies = false,
        AllowAutoRedirect = false,
        AutomaticDecompression = DecompressionMethods.None,
        MaxConnectionsPerServer = options.HttpConnectionsMax,
        PooledConnectionIdleTimeout = TimeSpan.FromMinutes(1),
        ConnectTimeout = TimeSpan.FromSeconds(5),
    };

    public HttpContent Json<T>(T value) => Json(value, "application/json");

    public HttpContent Json<T>(T value, string contentType)
    {
        var content = new ByteArrayContent(JsonSerializer.SerializeToUtf8Bytes(value, Options.JsonSerializerOptions));
        content.Headers.ContentType = new MediaTypeHeaderValue(contentType);
        return content;
    }

    /// <summary>Sends and gives back whatever status came; the headers have been read, the body not.</summary>
    public async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        try
        {
            return await _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken);
        }
        catch (Exception failure) when (failure is HttpRequestException or TaskCanceledException && !cancellationToken.IsCancellationRequested)
        {
            throw Lost(request, failure);
        }
    }

    /// <summary>Sends, and throws unless the status is a success.</summary>
    public async Task<HttpResponseMessage> SendOkAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var response = await SendAsync(request, cancellationToken);
        if (response.IsSuccessStatusCode)
        {
            return response;
        }

        using (response)
        {
            throw await RefusedAsync(request, response, cancellationToken);
        }
    }

    public async Task CallAsync(HttpMethod method, string path, HttpContent? content, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(method, path) { Content = content };
        using var response = await SendOkAsync(request, cancellationToken);
    }

    /// <summary>Gets a JSON answer; default when there is none (204 or an empty body).</summary>
    public async Task<T?> CallAsync<T>(HttpMethod method, string path, HttpContent? content, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(method, path) { Content = content };
        using var response = await SendOkAsync(request, cancellationToken);
        return await ReadJsonAsync<T>(response, cancellationToken);
    }

    public async Task<T?> ReadJsonAsync<T>(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        var body = await response.Content.ReadAsByteArrayAsync(cancellationToken);
        return response.StatusCode == HttpStatusCode.NoContent || body.Length == 0
            ? default
            : JsonSerializer.Deserialize<T>(body, Options.JsonSerializerOptions);
    }

    public static async Task<DaprApiException> RefusedAsync(HttpRequestMessage request, HttpResponseMessage response, CancellationToken cancellationToken)
    {
        var body = await ReadErrorBodyAsync(response, cancellationToken);
        var (code, message) = ParseError(body);
        var outcome = (int)response.StatusCode is >= 400 and < 500 and not 408 ? DaprOutcome.Refused : DaprOutcome.InDoubt;
        return new DaprApiException(
            outcome, response.StatusCode, code, $"{request.Method} {request.RequestUri}: {(int)response.StatusCode} {code} {message ?? body}")
        {
            Body = body,
        };
    }

    public void Dispose() => _http.Dispose();

    static DaprApiException Lost(HttpRequestMessage request, Exception failure)
    {
        var neverSent = failure is HttpRequestException { HttpRequestError: HttpRequestError.ConnectionError or HttpRequestError.NameResolutionError };
        return new DaprApiException(
            neverSent ? DaprOutcome.Refused : DaprOutcome.InDoubt,
            status: null,
            errorCode: null,
            $"{request.Method} {request.RequestUri}: {(neverSent ? "the sidecar cannot be reached" : "no answer")}: {failure.Message}",
            failure);
    }

    static async Task<string> ReadErrorBodyAsync(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        var buffer = new byte[ErrorBodyBytesMax];
        await using var stream = await response.Content.ReadAsStreamAsync(cancellationToken);
        var length = await stream.ReadAtLeastAsync(buffer, buffer.Length, throwOnEndOfStream: false, cancellationToken);
        return Encoding.UTF8.GetString(buffer, 0, length);
    }

    static (string? Code, string? Message) ParseError(string body)
    {
        if (!body.StartsWith('{'))
        {
            return (null, null);
        }

        try
        {
            using var json = JsonDocument.Parse(body);
            return (Text(json.RootElement, "errorCode"), Text(json.RootElement, "message"));
        }
        catch (JsonException)
        {
            // The body of an error is free text; only when it is Dapr's JSON has it a code.
            return (null, null);
        }
    }

    static string? Text(JsonElement json, string name) =>
        json.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;
}
