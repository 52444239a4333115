namespace Jackpot.Cli.Simulation;

/// <summary>Random bits that a seed and a run's number decide (SplitMix64), so that a simulation can be repeated on any machine with any number of cores.</summary>
sealed class BitStream(long seed, int run)
{
    const ulong Golden = 0x9E3779B97F4A7C15;

    ulong _state = Mix((ulong)seed * Golden + Mix((ulong)run + Golden));

    internal ulong Next() => Mix(_state += Golden);

    static ulong Mix(ulong bits)
    {
        bits = (bits ^ (bits >> 30)) * 0xBF58476D1CE4E5B9;
        bits = (bits ^ (bits >> 27)) * 0x94D049BB133111EB;
        return bits ^ (bits >> 31);
    }
}
