using System.Globalization;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using Jackpot.LocalDapr.Answers;
using Jackpot.LocalDapr.Components;

namespace Jackpot.LocalDapr.Bindings;

/// <summary><c>bindings.http</c>: the operation is the verb; metadata <c>path</c> is appended to the url, names with a capital letter become headers.</summary>
sealed class HttpBinding : IOutputBinding, IDisposable
{
    const int ResponseBytesMax = 100 * 1024 * 1024;

    static readonly string[] Verbs = ["get", "head", "post", "put", "patch", "delete", "options", "trace", "create"];

    readonly HttpMessageInvoker _http = new(new SocketsHttpHandler { UseProxy = false, UseCookies = false });
    readonly string _url;
    readonly TimeSpan _timeout;
    readonly bool _errorIfNot2XX;

    public HttpBinding(Component component)
    {
        _url = component.Required("url");
        _timeout = component.Duration("responseTimeout", TimeSpan.FromSeconds(30));
        _errorIfNot2XX = component.Flag("errorIfNot2XX", true);
        if (!Uri.TryCreate(_url, UriKind.Absolute, out var url) || url.Scheme is not ("http" or "https"))
        {
            throw component.Fault("url", $"'{_url}' is not an http or https address");
        }
    }

    public async Task<BindingResponse> InvokeAsync(BindingRequest request, CancellationToken cancellation)
    {
        if (!Verbs.Contains(request.Operation))
        {
            throw new BindingException($"invalid operation: {request.Operation}");
        }
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        limit.CancelAfter(_timeout);
        try
        {
            using var message = MessageOf(request);
            using var answer = await _http.SendAsync(message, limit.Token);
            return await ReadAsync(answer, limit.Token);
        }
        catch (Exception failed) when (failed is HttpRequestException or BodyTooLargeException or OperationCanceledException && !cancellation.IsCancellationRequested)
        {
            throw new BindingException($"the call of {_url} failed: {failed.Message}");
        }
    }

    public void Dispose() => _http.Dispose();

    HttpRequestMessage MessageOf(BindingRequest request)
    {
        var verb = request.Operation == "create" ? "POST" : request.Operation.ToUpperInvariant();
        var address = request.Metadata.GetValueOrDefault("path") is { Length: > 0 } path ? $"{_url.TrimEnd('/')}/{path.TrimStart('/')}" : _url;
        var message = new HttpRequestMessage(new HttpMethod(verb), address);
        if (verb is "POST" or "PUT" or "PATCH")
        {
            message.Content = new ByteArrayContent(request.DataJson is [(byte)'"', ..] ? Encoding.UTF8.GetBytes(JsonSerializer.Deserialize<string>(request.DataJson)!) : request.DataJson);
            message.Content.Headers.ContentType = MediaTypeHeaderValue.Parse(request.Metadata.GetValueOrDefault("Content-Type", "application/json; charset=utf-8"));
        }
        foreach (var (name, value) in request.Metadata.Where(field => char.IsUpper(field.Key[0]) && field.Key != "Content-Type"))
        {
            message.Headers.TryAddWithoutValidation(name, value);
        }
        return message;
    }

    async Task<BindingResponse> ReadAsync(HttpResponseMessage answer, CancellationToken cancellation)
    {
        if (_errorIfNot2XX && !answer.IsSuccessStatusCode)
        {
            throw new BindingException($"received status code '{(int)answer.StatusCode}'");
        }
        using var body = await PooledBody.ReadAsync(await answer.Content.ReadAsStreamAsync(cancellation), answer.Content.Headers.ContentLength, ResponseBytesMax, cancellation);
        return new BindingResponse(body.Memory.ToArray(), new Dictionary<string, string>
        {
            ["statusCode"] = ((int)answer.StatusCode).ToString(CultureInfo.InvariantCulture),
            ["status"] = $"{(int)answer.StatusCode} {answer.ReasonPhrase}",
        });
    }
}
