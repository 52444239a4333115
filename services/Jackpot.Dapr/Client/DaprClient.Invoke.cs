namespace Jackpot.Dapr.Client;

public sealed partial class DaprClient
{
    /// <summary>A request for <see cref="InvokeMethodWithResponseAsync"/>.</summary>
    /// <param name="httpMethod">The verb the callee sees.</param>
    /// <param name="appId">The callee, optionally <c>appId.namespace</c>.</param>
    /// <param name="methodName">Path and query at the callee.</param>
    public static HttpRequestMessage CreateInvokeMethodRequest(HttpMethod httpMethod, string appId, string methodName) =>
        new(httpMethod, $"/v1.0/invoke/{Uri.EscapeDataString(appId)}/method/{methodName.TrimStart('/')}");

    /// <summary>A request with a JSON body.</summary>
    public HttpRequestMessage CreateInvokeMethodRequest<TRequest>(HttpMethod httpMethod, string appId, string methodName, TRequest data)
    {
        var request = CreateInvokeMethodRequest(httpMethod, appId, methodName);
        request.Content = _sidecar.Json(data);
        return request;
    }

    /// <summary>Calls another app and gives back whatever it answered.</summary>
    /// <exception cref="DaprApiException">There was no answer at all.</exception>
    public Task<HttpResponseMessage> InvokeMethodWithResponseAsync(HttpRequestMessage request, CancellationToken cancellationToken = default) =>
        _sidecar.SendAsync(request, cancellationToken);

    /// <summary>Calls another app without body and expects a success.</summary>
    public Task InvokeMethodAsync(HttpMethod httpMethod, string appId, string methodName, CancellationToken cancellationToken = default) =>
        InvokeAsync(CreateInvokeMethodRequest(httpMethod, appId, methodName), cancellationToken);

    /// <summary>Calls another app with a JSON body and expects a success.</summary>
    public Task InvokeMethodAsync<TRequest>(HttpMethod httpMethod, string appId, string methodName, TRequest data, CancellationToken cancellationToken = default) =>
        InvokeAsync(CreateInvokeMethodRequest(httpMethod, appId, methodName, data), cancellationToken);

    /// <summary>Calls another app without body and reads its JSON answer.</summary>
    public Task<TResponse?> InvokeMethodAsync<TResponse>(HttpMethod httpMethod, string appId, string methodName, CancellationToken cancellationToken = default) =>
        InvokeAsync<TResponse>(CreateInvokeMethodRequest(httpMethod, appId, methodName), cancellationToken);

    /// <summary>Calls another app with a JSON body and reads its JSON answer.</summary>
    public Task<TResponse?> InvokeMethodAsync<TRequest, TResponse>(
        HttpMethod httpMethod, string appId, string methodName, TRequest data, CancellationToken cancellationToken = default) =>
        InvokeAsync<TResponse>(CreateInvokeMethodRequest(httpMethod, appId, methodName, data), cancellationToken);

    async Task InvokeAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        using (request)
        {
            using var response = await _sidecar.SendOkAsync(request, cancellationToken);
        }
    }

    async Task<TResponse?> InvokeAsync<TResponse>(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        using (request)
        {
            using var response = await _sidecar.SendOkAsync(request, cancellationToken);
            return await _sidecar.ReadJsonAsync<TResponse>(response, cancellationToken);
        }
    }
}
