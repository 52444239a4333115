using Microsoft.Extensions.Time.Testing;

namespace Jackpot.TestKit;

/// <summary>Clocks that stand still until a test moves them.</summary>
public static class TestClock
{
    /// <summary>Starts at a fixed instant, 2026-01-01 00:00 UTC, so that a run can be repeated.</summary>
    public static FakeTimeProvider AtNewYear() => new(new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero));
}
