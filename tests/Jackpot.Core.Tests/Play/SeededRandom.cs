namespace Jackpot.Core.Tests.Play;

/// <summary>Randomness of a test. A run can be repeated with the environment variable JACKPOT_SEED and the seed it printed.</summary>
static class SeededRandom
{
    public static Random New(int? fixedSeed = null)
    {
        var wanted = Environment.GetEnvironmentVariable("JACKPOT_SEED");
        var seed = wanted is null ? fixedSeed ?? Random.Shared.Next() : int.Parse(wanted, System.Globalization.CultureInfo.InvariantCulture);
        TestContext.Current.TestOutputHelper?.WriteLine($"seed {seed}");
        return new Random(seed);
    }

    public static byte[] Bytes(this Random random, int count)
    {
        var bytes = new byte[count];
        random.NextBytes(bytes);
        return bytes;
    }
}
