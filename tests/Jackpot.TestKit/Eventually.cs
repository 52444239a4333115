using System.Diagnostics;

namespace Jackpot.TestKit;

/// <summary>Waits for a condition with a deadline, in place of sleeping.</summary>
public static class Eventually
{
    static readonly TimeSpan PollInterval = TimeSpan.FromMilliseconds(20);

    /// <summary>Long enough for a machine that does much else; what must be quick is measured by its test, not by this.</summary>
    static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    /// <summary>Asks until the condition holds; after the deadline (<see cref="Patience"/> unless told) it throws <see cref="TimeoutException"/> with <paramref name="what"/>.</summary>
    /// <remarks>An exception from the condition counts as "not yet"; the last one is the inner exception of the time-out.</remarks>
    public static Task TrueAsync(Func<bool> condition, TimeSpan? deadline = null, string what = "the condition") =>
        TrueAsync(() => Task.FromResult(condition()), deadline, what);

    /// <inheritdoc cref="TrueAsync(Func{bool}, TimeSpan?, string)" />
    public static Task TrueAsync(Func<Task<bool>> condition, TimeSpan? deadline = null, string what = "the condition") => TrueAsync(condition, deadline, () => what);

    /// <inheritdoc cref="TrueAsync(Func{bool}, TimeSpan?, string)" />
    /// <param name="condition">Asked again and again.</param>
    /// <param name="deadline">Longest wait.</param>
    /// <param name="what">Asked once the time is over, so that it can hold what happened meanwhile: a process's log, for example.</param>
    public static async Task TrueAsync(Func<Task<bool>> condition, TimeSpan? deadline, Func<string> what)
    {
        var limit = deadline ?? Patience;
        var clock = Stopwatch.StartNew();
        Exception? last = null;
        do
        {
            try
            {
                if (await condition())
                {
                    return;
                }
                last = null;
            }
            catch (Exception notYet) when (notYet is not OperationCanceledException { CancellationToken.IsCancellationRequested: true })
            {
                last = notYet;
            }
            await Task.Delay(PollInterval);
        }
        while (clock.Elapsed < limit);
        throw new TimeoutException($"After {limit.TotalSeconds} s {what()} still did not hold.", last);
    }
}
