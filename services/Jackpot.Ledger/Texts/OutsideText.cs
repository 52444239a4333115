using System.Text;

namespace Jackpot.Ledger.Texts;

/// <summary>
/// Text that somebody else wrote (a wallet's reason, the message of an exception), made fit to be stored anywhere and to travel in any
/// protocol. What must be written down as the last word on something passes here first, so that no text can keep it from being written.
/// </summary>
internal static class OutsideText
{
    const char Replacement = '\uFFFD';
    const char Nul = '\0';

    /// <summary>
    /// The text with NUL (which PostgreSQL does not store) and lone surrogates (which UTF-8 cannot say) replaced by U+FFFD, and at most
    /// <paramref name="charsMax"/> UTF-16 characters of it, never half of a pair. Empty for null.
    /// </summary>
    public static string Clean(string? text, int charsMax)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(charsMax);
        if (text is null)
        {
            return "";
        }

        var clean = new StringBuilder(Math.Min(text.Length, charsMax));
        foreach (var rune in text.AsSpan().EnumerateRunes())
        {
            // A lone surrogate is enumerated as U+FFFD already.
            if (clean.Length + rune.Utf16SequenceLength > charsMax)
            {
                break;
            }

            clean.Append(rune.Value == Nul ? new Rune(Replacement) : rune);
        }

        return clean.ToString();
    }
}
