namespace Jackpot.Dapr.Client;

/// <summary>
/// Dapr's building blocks over the sidecar's HTTP API. Safe for concurrent use; one per process. Every failure is a
/// <see cref="DaprApiException"/> that says whether the call can have had an effect; the caller's cancellation is
/// <see cref="OperationCanceledException"/>. Names and meanings follow the .NET SDK 1.18.
/// </summary>
public sealed partial class DaprClient : IDisposable
{
    readonly SidecarHttp _sidecar;
    readonly bool _ownsSidecar;

    internal DaprClient(SidecarHttp sidecar, bool ownsSidecar)
    {
        _sidecar = sidecar;
        _ownsSidecar = ownsSidecar;
    }

    /// <summary>Closes the connections when this client was built on its own.</summary>
    public void Dispose()
    {
        if (_ownsSidecar)
        {
            _sidecar.Dispose();
        }
    }
}
