namespace Jackpot.Core.Simulation;

/// <summary>Random bits that a seed and a run's number decide (SplitMix64), so that a simulation can be repeated on any machine with any number of cores.</summary>
public sealed class SeededBits(long seed, int run)
{
    const ulong Golden = 0x9E3779B97F4A7C15;

    ulong _state = Mix(unchecked((ulong)seed * Golden + Mix(unchecked((ulong)run + Golden))));

    public ulong Next() => Mix(_state = unchecked(_state + Golden));

    static ulong Mix(ulong bits) => unchecked(Third(Second(First(bits))));

    static ulong First(ulong bits) => unchecked((bits ^ (bits >> 30)) * 0xBF58476D1CE4E5B9);

    static ulong Second(ulong bits) => unchecked((bits ^ (bits >> 27)) * 0x94D049BB133111EB);

    static ulong Third(ulong bits) => bits ^ (bits >> 31);
}
