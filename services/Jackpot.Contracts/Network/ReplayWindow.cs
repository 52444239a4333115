using System.Collections.Immutable;

namespace Jackpot.Contracts.Network;

/// <summary>
/// Which messages of one shard have come (the sliding window of RFC 4303, section 3.4.3). Numbers are those of the sender's border log: gapless and
/// rising in an epoch, whatever process sends. Small enough to be stored with what the messages did.
/// </summary>
/// <param name="Epoch">The newest epoch that was heard of.</param>
/// <param name="Highest">The highest number in it.</param>
/// <param name="Seen">One bit each for the numbers up to the highest; bit 0 of the first word is the highest itself.</param>
public sealed record ReplayWindow(int Epoch, long Highest, ImmutableArray<ulong> Seen)
{
    /// <summary>How far a message may be overtaken. What is later than that is refused and sent again under a new number.</summary>
    public const int Width = WordBits * Words;

    const int WordBits = 64;
    const int Words = 16;

    /// <summary>Nothing has come.</summary>
    public static ReplayWindow Empty { get; } = new(0, 0, [.. new ulong[Words]]);

    /// <summary>The window after the message, or null when it must not be applied.</summary>
    public ReplayWindow? Take(int epoch, long number)
    {
        if (epoch < Epoch || number < 1)
        {
            return null;
        }

        var window = epoch > Epoch ? Empty with { Epoch = epoch } : this;
        return number > window.Highest ? window.Advanced(number) : window.Marked(window.Highest - number);
    }

    ReplayWindow Advanced(long number)
    {
        var seen = new ulong[Words];
        var shift = number - Highest;
        for (var bit = 0; bit < Width - Math.Min(shift, Width); bit++)
        {
            if ((Seen[bit / WordBits] >> (bit % WordBits) & 1) == 1)
            {
                var moved = bit + (int)shift;
                seen[moved / WordBits] |= 1UL << (moved % WordBits);
            }
        }

        seen[0] |= 1;
        return this with { Highest = number, Seen = [.. seen] };
    }

    ReplayWindow? Marked(long behind)
    {
        if (behind >= Width)
        {
            return null;
        }

        var (word, bit) = ((int)behind / WordBits, 1UL << (int)(behind % WordBits));
        return (Seen[word] & bit) == 0 ? this with { Seen = Seen.SetItem(word, Seen[word] | bit) } : null;
    }

    public bool Equals(ReplayWindow? other) => other is not null && Epoch == other.Epoch && Highest == other.Highest && Seen.SequenceEqual(other.Seen);

    public override int GetHashCode() => HashCode.Combine(Epoch, Highest);
}
