using System.Diagnostics;

namespace Jackpot.LocalDapr.Resiliency;

/// <summary>One call's policy: timeout inside, circuit breaker around it, retries around both. The empty policy calls once.</summary>
sealed class Policy(TimeSpan? timeout = null, RetryPolicy? retry = null, CircuitBreaker? breaker = null)
{
    public static readonly Policy None = new();

    /// <summary>Whether a call may be made more than once, so that its body must be kept.</summary>
    public bool MayRepeat => retry is not null;

    public Task RunAsync(Func<CancellationToken, Task> call, CancellationToken cancellation) =>
        RunAsync(async token => { await call(token); return true; }, cancellation);

    /// <summary>Runs the call; when all tries are used up, the last failure is thrown.</summary>
    public async Task<T> RunAsync<T>(Func<CancellationToken, Task<T>> call, CancellationToken cancellation)
    {
        if (timeout is null && retry is null && breaker is null)
        {
            return await call(cancellation);
        }
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                return await OnceAsync(call, cancellation);
            }
            catch (Exception failed) when (!cancellation.IsCancellationRequested && retry is not null && retry.Allows(attempt, failed))
            {
                await Task.Delay(retry.Delay(attempt), cancellation);
            }
        }
    }

    async Task<T> OnceAsync<T>(Func<CancellationToken, Task<T>> call, CancellationToken cancellation)
    {
        breaker?.Enter();
        var done = false;
        try
        {
            var result = await TimedAsync(call, cancellation);
            done = true;
            return result;
        }
        finally
        {
            breaker?.Leave(done);
        }
    }

    async Task<T> TimedAsync<T>(Func<CancellationToken, Task<T>> call, CancellationToken cancellation)
    {
        if (timeout is not { } limit)
        {
            return await call(cancellation);
        }
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        deadline.CancelAfter(limit);
        try
        {
            return await call(deadline.Token);
        }
        catch (OperationCanceledException) when (deadline.IsCancellationRequested && !cancellation.IsCancellationRequested)
        {
            throw new TimeoutException($"timeout exceeded after {limit.TotalMilliseconds} ms");
        }
    }
}
