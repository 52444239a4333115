namespace Jackpot.Bench.Load;

/// <summary>Popularity as it is found: the n-th most popular is chosen in proportion to 1/n. The same seed chooses the same.</summary>
sealed class Zipf
{
    const int Seed = 20_26;

    readonly double[] _upTo;
    readonly Random _random = new(Seed);

    internal Zipf(int count)
    {
        _upTo = new double[count];
        var sum = 0.0;
        for (var n = 0; n < count; n++)
        {
            _upTo[n] = sum += 1.0 / (n + 1);
        }
    }

    internal int Next()
    {
        var at = Array.BinarySearch(_upTo, _random.NextDouble() * _upTo[^1]);
        return Math.Min(at < 0 ? ~at : at, _upTo.Length - 1);
    }
}
