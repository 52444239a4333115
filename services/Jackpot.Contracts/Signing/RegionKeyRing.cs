using System.Collections.Frozen;

namespace Jackpot.Contracts.Signing;

/// <summary>
/// The public keys that a region believes, by their names. A key is rotated in three steps: its successor's public half is handed to all regions,
/// then the owner signs with the successor, then the old one is taken out; in between both are believed.
/// </summary>
public sealed class RegionKeyRing
{
    /// <summary>Two keys each of 64 regions.</summary>
    public const int KeysMax = 128;

    readonly FrozenDictionary<RegionKeyId, RegionPublicKey> _keys;

    /// <exception cref="ArgumentException">Two keys have one name, or there are too many.</exception>
    public RegionKeyRing(IReadOnlyCollection<RegionPublicKey> keys)
    {
        if (keys.Count > KeysMax || keys.DistinctBy(key => key.Id).Count() != keys.Count)
        {
            throw new ArgumentException($"{keys.Count} keys were given; at most {KeysMax} are taken, each with a name of its own.", nameof(keys));
        }

        _keys = keys.ToFrozenDictionary(key => key.Id);
    }

    public RegionPublicKey? Find(RegionKeyId id) => _keys.GetValueOrDefault(id);
}
