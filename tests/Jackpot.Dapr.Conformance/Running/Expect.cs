using System.Diagnostics.CodeAnalysis;

namespace Jackpot.Dapr.Conformance.Running;

/// <summary>The sidecar does not do what the case says.</summary>
sealed class ConformanceFailure(string message) : Exception(message);

/// <summary>The case says nothing about this sidecar as it is set up.</summary>
sealed class SkipCase(string reason) : Exception(reason);

/// <summary>Comparisons that say what was expected and what came.</summary>
static class Expect
{
    public static void Equal<T>(T expected, T seen, string what)
    {
        if (!EqualityComparer<T>.Default.Equals(expected, seen))
        {
            throw new ConformanceFailure($"{what}: expected {expected}, saw {seen}");
        }
    }

    public static void True([DoesNotReturnIf(false)] bool holds, string otherwise)
    {
        if (!holds)
        {
            throw new ConformanceFailure(otherwise);
        }
    }

    public static void Contains(string part, string? whole, string what) =>
        True(whole?.Contains(part, StringComparison.Ordinal) == true, $"{what}: expected to find '{part}' in '{whole}'");

    /// <summary>Looks again and again until it holds.</summary>
    public static async Task Eventually(Func<Task<bool>> holds, string otherwise, TimeSpan? within = null)
    {
        var end = DateTime.UtcNow + (within ?? TimeSpan.FromSeconds(20));
        while (!await holds())
        {
            True(DateTime.UtcNow < end, $"{otherwise} (waited {(within ?? TimeSpan.FromSeconds(20)).TotalSeconds:F0} s)");
            await Task.Delay(25);
        }
    }
}
