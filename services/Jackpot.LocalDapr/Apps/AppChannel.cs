using System.Net;
using System.Net.Sockets;
using Jackpot.LocalDapr.Faults;
using Jackpot.LocalDapr.Sidecars;

namespace Jackpot.LocalDapr.Apps;

/// <summary>The HTTP connection from a sidecar to its app: pooled HTTP/1.1, no redirects, no cookies, nothing added but what Dapr adds.</summary>
sealed class AppChannel : IDisposable
{
    static readonly TimeSpan PortPollInterval = TimeSpan.FromMilliseconds(100);

    readonly HttpMessageInvoker _http;
    readonly string? _token;
    readonly FaultSwitches _faults;
    readonly string _appId;

    public AppChannel(SidecarOptions sidecar, int appPort, FaultSwitches faults)
    {
        (_faults, _appId) = (faults, sidecar.AppId);
        Port = appPort;
        BaseAddress = $"http://127.0.0.1:{appPort}";
        _token = sidecar.AppApiToken;
        _http = new HttpMessageInvoker(new SocketsHttpHandler
        {
            AllowAutoRedirect = false,
            UseCookies = false,
            UseProxy = false,
            AutomaticDecompression = DecompressionMethods.None,
            ActivityHeadersPropagator = null,
            PooledConnectionIdleTimeout = TimeSpan.FromMinutes(2),
            ConnectTimeout = TimeSpan.FromSeconds(5),
        });
    }

    public int Port { get; }

    public string BaseAddress { get; }

    /// <summary>False while the health probe says so: the app is then not called. Without probes an app counts as healthy for ever.</summary>
    public bool IsHealthy { get; set; } = true;

    /// <summary>Sends a request; the body of the answer has not been read when this returns.</summary>
    /// <exception cref="HttpRequestException">The app could not be reached.</exception>
    public Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellation)
    {
        if (!IsHealthy)
        {
            throw new AppUnhealthyException();
        }
        if (_faults.IsCut(_appId))
        {
            throw new HttpRequestException(HttpRequestError.ConnectionError, $"{_appId} is cut off by a fault switch");
        }
        if (_token is not null)
        {
            request.Headers.TryAddWithoutValidation("dapr-api-token", _token);
        }
        return _http.SendAsync(request, cancellation);
    }

    /// <summary>One health probe: any 2xx in time is good. It carries no token.</summary>
    public async Task<bool> ProbeAsync(string path, TimeSpan timeout, CancellationToken cancellation)
    {
        if (_faults.IsCut(_appId))
        {
            return false;
        }
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        limit.CancelAfter(timeout);
        try
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, BaseAddress + path);
            using var answer = await _http.SendAsync(request, limit.Token);
            return answer.IsSuccessStatusCode;
        }
        catch (Exception failed) when (failed is HttpRequestException or OperationCanceledException && !cancellation.IsCancellationRequested)
        {
            return false;
        }
    }

    /// <summary>Waits, for ever if need be, until something listens on the app's port.</summary>
    public async Task WaitForPortAsync(CancellationToken cancellation)
    {
        using var pulse = new PeriodicTimer(PortPollInterval);
        do
        {
            using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
            try
            {
                await socket.ConnectAsync(IPAddress.Loopback, Port, cancellation);
                return;
            }
            catch (SocketException)
            {
                // Nobody listens yet; the next beat asks again.
            }
        }
        while (await pulse.WaitForNextTickAsync(cancellation));
    }

    public void Dispose() => _http.Dispose();

}

sealed class AppUnhealthyException() : Exception("app is not in a healthy state");
