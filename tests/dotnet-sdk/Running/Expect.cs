using System.Diagnostics;
using Grpc.Core;

namespace DotnetSdk.Running;

/// <summary>What a check claims.</summary>
static class Expect
{
    static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);
    static readonly TimeSpan Pulse = TimeSpan.FromMilliseconds(50);

    public static void Equal<T>(T expected, T actual, string what)
    {
        if (!EqualityComparer<T>.Default.Equals(expected, actual))
        {
            throw new CheckFailure($"{what}: expected {expected}, saw {actual}");
        }
    }

    public static void True(bool holds, string otherwise)
    {
        if (!holds)
        {
            throw new CheckFailure(otherwise);
        }
    }

    public static Task Eventually(Func<bool> holds, string otherwise, TimeSpan? patience = null) => Eventually(() => Task.FromResult(holds()), otherwise, patience);

    public static async Task Eventually(Func<Task<bool>> holds, string otherwise, TimeSpan? patience = null)
    {
        var clock = Stopwatch.StartNew();
        while (!await holds())
        {
            if (clock.Elapsed > (patience ?? Patience))
            {
                throw new CheckFailure($"{otherwise} (waited {clock.Elapsed.TotalSeconds:F0} s)");
            }
            await Task.Delay(Pulse);
        }
    }

    /// <summary>Nothing is proved by waiting but that nothing came in this time.</summary>
    public static async Task Never(Func<bool> happens, TimeSpan within, string otherwise)
    {
        var clock = Stopwatch.StartNew();
        while (clock.Elapsed < within)
        {
            True(!happens(), otherwise);
            await Task.Delay(Pulse);
        }
    }

    public static async Task<T> Throws<T>(Func<Task> call)
        where T : Exception
    {
        try
        {
            await call();
        }
        catch (T expected)
        {
            return expected;
        }
        throw new CheckFailure($"expected {typeof(T).Name}, and the call succeeded");
    }

    /// <summary>The SDK wraps what gRPC threw.</summary>
    public static async Task Refused(StatusCode status, Func<Task> call)
    {
        var refused = await Throws<Exception>(call);
        Equal(status, (refused as RpcException ?? refused.InnerException as RpcException)?.StatusCode, $"status of '{refused.Message}'");
    }
}
