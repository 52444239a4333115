namespace Jackpot.LocalDapr.Actors;

/// <summary>Rendezvous hashing: every instance gets a score per actor and the highest owns it, so that a change moves only what it must.</summary>
static class Rendezvous
{
    const ulong FnvOffset = 14695981039346656037;
    const ulong FnvPrime = 1099511628211;

    public static ulong Score(string instance, string type, string id) => Mix(Add(Add(Add(FnvOffset, instance), type), id));

    static ulong Add(ulong hash, string text)
    {
        foreach (var letter in text)
        {
            hash = (hash ^ letter) * FnvPrime;
        }
        // A separator that no name may hold, so that ("a","bc") and ("ab","c") differ.
        return (hash ^ '/') * FnvPrime;
    }

    // FNV alone leaves the high bits of short names alike; this spreads them (the finalizer of SplitMix64).
    static ulong Mix(ulong hash)
    {
        hash = (hash ^ (hash >> 30)) * 0xBF58476D1CE4E5B9;
        hash = (hash ^ (hash >> 27)) * 0x94D049BB133111EB;
        return hash ^ (hash >> 31);
    }
}
