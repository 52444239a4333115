namespace Jackpot.TestKit;

/// <summary>The same proof in two sizes: small by default, release size with `./jackpot test --long`.</summary>
#pragma warning disable CA1716, CA1720 // Read with its method, Long.Count, it is no type's name.
public static class Long
#pragma warning restore CA1716, CA1720
{
    /// <summary>Whether proofs of release size were asked for.</summary>
    public static bool IsAsked { get; } = Environment.GetEnvironmentVariable("JACKPOT_TEST_LONG") == "1";

    /// <summary>How often to repeat, how many events to send, how many seeds to try.</summary>
    public static int Count(int small, int release) => IsAsked ? release : small;
}
