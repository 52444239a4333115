using System.Text;

namespace Jackpot.Dapr.Client;

public sealed partial class DaprClient
{
    static readonly TimeSpan SidecarPollPause = TimeSpan.FromMilliseconds(250);

    /// <summary>True when the sidecar is up and has reached this app's port. Do not wait for it before the port is open: see <see cref="WaitForSidecarAsync"/>.</summary>
    public Task<bool> CheckHealthAsync(CancellationToken cancellationToken = default) => IsHealthyAsync("/v1.0/healthz", cancellationToken);

    /// <summary>True when the sidecar's components and APIs are up, whether or not it has reached this app.</summary>
    public Task<bool> CheckOutboundHealthAsync(CancellationToken cancellationToken = default) => IsHealthyAsync("/v1.0/healthz/outbound", cancellationToken);

    /// <summary>
    /// Waits until the sidecar can be called. It looks at the outbound health, which does not wait for the app; the other one would
    /// be a deadlock at start, because the sidecar waits for the app's port.
    /// </summary>
    /// <exception cref="OperationCanceledException">The token fired first. Without a token this waits for ever.</exception>
    public async Task WaitForSidecarAsync(CancellationToken cancellationToken = default)
    {
        while (!await CheckOutboundHealthAsync(cancellationToken))
        {
            await Task.Delay(SidecarPollPause, cancellationToken);
        }
    }

    /// <summary>Stops the sidecar.</summary>
    public Task ShutdownSidecarAsync(CancellationToken cancellationToken = default) =>
        _sidecar.CallAsync(HttpMethod.Post, "/v1.0/shutdown", null, cancellationToken);

    /// <summary>What the sidecar knows about itself and its app.</summary>
    public async Task<DaprMetadata> GetMetadataAsync(CancellationToken cancellationToken = default) =>
        await _sidecar.CallAsync<DaprMetadata>(HttpMethod.Get, "/v1.0/metadata", null, cancellationToken)
        ?? throw new DaprApiException(DaprOutcome.InDoubt, null, null, "GET /v1.0/metadata answered nothing.");

    /// <summary>Adds an attribute to the sidecar's metadata.</summary>
    public Task SetMetadataAsync(string attributeName, string attributeValue, CancellationToken cancellationToken = default) =>
        _sidecar.CallAsync(HttpMethod.Put, SidecarPath.Of("metadata", attributeName), new StringContent(attributeValue, Encoding.UTF8, "text/plain"), cancellationToken);

    async Task<bool> IsHealthyAsync(string path, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        try
        {
            using var response = await _sidecar.SendAsync(request, cancellationToken);
            return response.IsSuccessStatusCode;
        }
        catch (DaprApiException)
        {
            // A sidecar that does not answer is not healthy; that is the result, not an error.
            return false;
        }
    }
}
