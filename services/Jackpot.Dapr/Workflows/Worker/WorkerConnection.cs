namespace Jackpot.Dapr.Workflows.Worker;

/// <summary>One life of the work item stream. Work that came on it is worth nothing after its end.</summary>
internal sealed class WorkerConnection(CancellationToken stopping) : IDisposable
{
    readonly CancellationTokenSource _closed = CancellationTokenSource.CreateLinkedTokenSource(stopping);

    public CancellationToken Closed => _closed.Token;

    public void Close()
    {
        try
        {
            _closed.Cancel();
        }
        catch (ObjectDisposedException)
        {
            // A report of an earlier stream came to its end after that stream was left; there is nothing to close any more.
        }
    }

    public void Dispose()
    {
        _closed.Cancel();
        _closed.Dispose();
    }
}
