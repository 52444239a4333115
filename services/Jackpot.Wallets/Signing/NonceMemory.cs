namespace Jackpot.Wallets.Signing;

/// <summary>
/// Nonces for as long as a message that carries one would still be believed. It knows so many at most: when it is full of young ones it calls every
/// further message old, for a message that cannot be told from a repetition is not believed.
/// </summary>
public sealed class NonceMemory(int noncesMax = NonceMemory.Usual)
{
    /// <summary>At 100 bytes each about 40 MB, and 3,000 messages a second.</summary>
    const int Usual = 400_000;

    static readonly TimeSpan Kept = 2 * HttpSignature.SkewMax + TimeSpan.FromSeconds(1);

    readonly Lock _lock = new();
    readonly HashSet<(string Key, string Nonce)> _known = [];
    readonly Queue<(DateTimeOffset At, (string, string) Known)> _byAge = new();

    public bool IsNew(string keyId, string nonce, DateTimeOffset now)
    {
        lock (_lock)
        {
            while (_byAge.TryPeek(out var oldest) && now - oldest.At > Kept)
            {
                _known.Remove(_byAge.Dequeue().Known);
            }

            if (_byAge.Count >= noncesMax || !_known.Add((keyId, nonce)))
            {
                return false;
            }

            _byAge.Enqueue((now, (keyId, nonce)));
            return true;
        }
    }
}
