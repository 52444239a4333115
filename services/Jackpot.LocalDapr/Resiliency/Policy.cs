namespace Jackpot.LocalDapr.Resiliency;

/// <summary>How often one call is made. The empty policy calls once.</summary>
sealed class Policy(RetryPolicy? retry = null)
{
    public static readonly Policy None = new();

    public Task RunAsync(Func<CancellationToken, Task> call, CancellationToken cancellation) =>
        RunAsync(async token => { await call(token); return true; }, cancellation);

    /// <summary>Runs the call; when all tries are used up, the last failure is thrown.</summary>
    public async Task<T> RunAsync<T>(Func<CancellationToken, Task<T>> call, CancellationToken cancellation)
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                return await call(cancellation);
            }
            catch (Exception failed) when (!cancellation.IsCancellationRequested && retry is not null && retry.Allows(attempt, failed))
            {
                await Task.Delay(retry.Delay(attempt), cancellation);
            }
        }
    }
}
