namespace Jackpot.Core.Ids;

/// <summary>The two grammars of ids: names that we give ourselves, and texts that callers bring.</summary>
static class IdText
{
    public const int NameCharsMax = 64;
    public const int CallerCharsMax = 200;

    /// <summary>Lower-case letters, digits and hyphens: safe in a URL, a log line, a topic and a hash encoding of one byte per character.</summary>
    public static bool IsName(string? text)
    {
        if (text is null or "" || text.Length > NameCharsMax)
        {
            return false;
        }

        foreach (var c in text)
        {
            if (c is not ((>= 'a' and <= 'z') or (>= '0' and <= '9') or '-'))
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>Anything of 1 to 200 characters without control characters, which would let a caller forge log lines.</summary>
    public static bool IsCallerId(string? text)
    {
        if (text is null or "" || text.Length > CallerCharsMax)
        {
            return false;
        }

        foreach (var c in text)
        {
            if (char.IsControl(c))
            {
                return false;
            }
        }

        return true;
    }

    public static string Used(string? value) => value ?? throw new InvalidOperationException("An id was used that nobody set.");

    public static FormatException NotAName(string kind, string? text) =>
        new($"'{text}' is no {kind}: 1 to {NameCharsMax} characters of a-z, 0-9 and '-' are.");

    public static FormatException NotACallerId(string kind) =>
        new($"The text is no {kind}: 1 to {CallerCharsMax} characters without control characters are.");
}
