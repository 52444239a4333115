using System.Collections.Concurrent;

namespace Jackpot.Ledger.Batching;

/// <summary>
/// A thread that does one thing after another and may block in it. The batches of a batcher are decided and committed here and not on the
/// thread pool: there every step waited behind the requests of a hundred other bets, which was most of a batch's time.
/// </summary>
internal sealed class WorkerThread : IDisposable
{
    readonly BlockingCollection<Action> _work = [];

    public WorkerThread(string name)
    {
        var thread = new Thread(() =>
        {
            foreach (var work in _work.GetConsumingEnumerable())
            {
                work();
            }

            _work.Dispose();
        })
        { IsBackground = true, Name = name };
        thread.Start();
    }

    /// <summary>Does the work after everything that was given before.</summary>
    public Task RunAsync(Action work) => RunAsync(() =>
    {
        work();
        return true;
    });

    /// <inheritdoc cref="RunAsync(Action)"/>
    public Task<T> RunAsync<T>(Func<T> work)
    {
        var done = new TaskCompletionSource<T>(TaskCreationOptions.RunContinuationsAsynchronously);
        _work.Add(() =>
        {
            try
            {
                done.SetResult(work());
            }
#pragma warning disable CA1031 // Whoever waits for it gets it.
            catch (Exception e)
#pragma warning restore CA1031
            {
                done.SetException(e);
            }
        });
        return done.Task;
    }

    /// <summary>Ends the thread after what it was given.</summary>
    public void Dispose() => _work.CompleteAdding();
}
